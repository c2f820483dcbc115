import { expect, it } from 'vitest'
import type { Variable } from '../../liquid/variable.ts'
import { givenNames } from './given-names.ts'

const named = (...names: string[]): Variable[] =>
  names.map((name) => ({ name, type: 'string', required: false }))

it('names what has a value, sorted, and nothing that is not declared or only inherited', () => {
  const names = givenNames(named('who', 'tone', 'toString'))
  expect(names({ who: '', tone: 0, other: 'x' })).toBe('tone,who')
  expect(names({ who: null, tone: undefined })).toBe('')
  expect(names({ toString: 'x', tone: false })).toBe('toString,tone')
  // The same names again, from memory.
  expect(names({ tone: 1, who: 2 })).toBe('tone,who')
})

it.each([30, 31, 100])('tells sets of %i variables apart', (count) => {
  const all = Array.from({ length: count }, (_, n) => `v${String(n).padStart(3, '0')}`)
  const names = givenNames(named(...all))
  for (const given of [all, all.slice(1), all.slice(0, -1), all.slice(-1), []])
    expect(names(Object.fromEntries(given.map((name) => [name, 1])))).toBe(given.join(','))
  // More sets than are kept.
  for (let n = 0; n < 300; n++) {
    const given = all.filter((_, place) => ((n >> (place % 10)) & 1) === 1)
    expect(names(Object.fromEntries(given.map((name) => [name, 1])))).toBe(given.join(','))
  }
})
