import { describe, expect, it } from 'vitest'
import type { Variable } from '#lib/prompts/variables/variable.ts'
import { givenValues, typedValues, withExamples } from './form-values.ts'

const variables: Variable[] = [
  { name: 'topic', type: 'string', required: true, example: 'cats' },
  { name: 'count', type: 'integer', required: false },
  { name: 'flag', type: 'boolean', required: false },
  { name: 'items', type: 'array', required: false, example: [{ a: 1 }] },
]

describe('the values of the form', () => {
  it('leave out what is empty and what is no variable', () => {
    expect(givenValues(variables, { topic: 'x', count: '', gone: 'y' })).toEqual({ topic: 'x' })
  })

  it('become JSON of their types; what does not read as its type stays text', () => {
    expect(typedValues(variables, { topic: '1', count: '3', flag: 'true', items: '[1]' })).toEqual({
      topic: '1',
      count: 3,
      flag: true,
      items: [1],
    })
    expect(typedValues(variables, { count: '12345678901234567890', items: '{' })).toEqual({
      count: '12345678901234567890',
      items: '{',
    })
  })

  it('take examples where nothing was typed', () => {
    expect(withExamples(variables, { topic: 'dogs' })).toEqual({
      topic: 'dogs',
      items: '[\n  {\n    "a": 1\n  }\n]',
    })
  })
})
