import { describe, expect, it } from 'vitest'
import { isPromptName, isVariableName } from '../liquid/name-rules.ts'
import { LabelName, LabelSelector, PromptName, VariableName } from './name.ts'

describe('PromptName', () => {
  it.each(['a', '0', 'api_design', 'a-b', 'news', 'x'.repeat(64)])('accepts %s', (name) => {
    expect(PromptName.safeParse(name).success).toBe(true)
    expect(isPromptName(name)).toBe(true)
  })
  it.each(['', 'new', 'A', '-a', '_a', 'a b', 'a/b', 'a.b', 'ä', 'x'.repeat(65), 'a\n'])(
    'refuses %j',
    (name) => {
      expect(PromptName.safeParse(name).success).toBe(false)
      expect(isPromptName(name)).toBe(false)
    },
  )
})

describe('LabelName', () => {
  it.each(['production', 'v2', '2-beta'])('accepts %s', (name) => {
    expect(LabelName.safeParse(name).success).toBe(true)
  })
  it.each(['latest', '3', '007', 'Production', ''])('refuses %j', (name) => {
    expect(LabelName.safeParse(name).success).toBe(false)
  })
  it('can be read by latest', () => {
    expect(LabelSelector.parse('latest')).toBe('latest')
    expect(LabelSelector.safeParse('3').success).toBe(false)
  })
})

describe('VariableName', () => {
  it.each(['a', 'businessDomain', 'x_1', 'news'])('accepts %s', (name) => {
    expect(VariableName.safeParse(name).success).toBe(true)
  })
  it.each(['__proto__', 'constructor', 'prototype', 'forloop', '_a', '1a', 'a-b', 'nil', 'and', ''])(
    'case 4: refuses %j',
    (name) => {
      expect(VariableName.safeParse(name).success).toBe(false)
      expect(isVariableName(name)).toBe(false)
    },
  )
})
