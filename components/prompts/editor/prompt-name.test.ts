import { describe, expect, it } from 'vitest'
import { isPromptName } from '#lib/liquid/name-rules.ts'
import { nameOfTitle, nameTyped, numberedName } from './prompt-name.ts'

describe('nameOfTitle', () => {
  it.each([
    ['Complaint answer', 'complaint-answer'],
    ['  Größe & Übergröße!  ', 'grosse-ubergrosse'],
    ['3 ideas', '3-ideas'],
    ['snake_case stays', 'snake_case-stays'],
    ['New', 'new-prompt'],
    ['翻译', 'prompt'],
    ['…', 'prompt'],
    ['', ''],
    ['   ', ''],
    ['A very long title '.repeat(9), 'a-very-long-title-a-very-long-title-a-very-long-title-a-very-lon'],
  ])('of %j is %j', (title, name) => {
    expect(nameOfTitle(title)).toBe(name)
    expect(name === '' || isPromptName(name)).toBe(true)
  })
})

describe('nameTyped', () => {
  it.each([
    ['Complaint Answer', 'complaint-answer'],
    ['_-Élan', 'elan'],
    ['one-', 'one-'],
    ['a__b', 'a__b'],
    ['x'.repeat(70), 'x'.repeat(64)],
  ])('makes %j to %j', (typed, name) => {
    expect(nameTyped(typed)).toBe(name)
  })
})

it('numberedName stays a name', () => {
  expect([1, 2].map((number) => numberedName('x'.repeat(64), number))).toEqual([
    'x'.repeat(64),
    `${'x'.repeat(62)}-2`,
  ])
})
