import { expect, it } from 'vitest'
import { reasonWords } from './reason-words.ts'

it.each([
  [{ code: 'missing', variable: 'tone' }, 'tone is missing'],
  [{ code: 'unknown', variable: null }, 'a variable is no variable of the version'],
  [{ code: 'not_found', variable: null, asked: 'letter@staging' }, 'letter@staging not found'],
  [{ code: 'not_found', variable: null, asked: null }, 'not found'],
  [{ code: 'limit', variable: null }, 'past a limit'],
] as const)('%j', (reason, words) => {
  expect(reasonWords(reason)).toBe(words)
})
