import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget, DEFAULT_LIMITS } from './budget.ts'
import type { Json } from './json.ts'
import { toJson } from './value.ts'

/** What making JSON of a value is charged, and how long the JSON is. */
function charged(value: Json, indent: number): { spent: number; written: number } {
  let spent = 0
  const budget = new Budget({ ...DEFAULT_LIMITS, work: Number.MAX_SAFE_INTEGER })
  budget.spend = (units) => {
    spent += units
  }
  return { written: toJson(value, indent, budget).length, spent }
}

describe('JSON is charged as long as it is written', () => {
  it.each<[string, Json]>([
    ['control characters', '\u0001'.repeat(1000)],
    ['quotes and backslashes', '"\\'.repeat(1000)],
    ['lines', '\n\t'.repeat(1000)],
    ['halves of characters', '\uD83D'.repeat(1000)],
    ['keys with escapes', { ['\u0001'.repeat(1000)]: 1 }],
    ['long numbers', Array.from({ length: 500 }, () => -Math.PI * 1e-300)],
    ['empty lists', Array.from({ length: 500 }, () => [])],
    ['deep lists', Array.from({ length: 200 }).reduce<Json>((inner) => [inner], [])],
  ])('%s', (_, value) => {
    for (const indent of [0, 8]) {
      const { spent, written } = charged(value, indent)
      expect(spent).toBeGreaterThanOrEqual(written)
      expect(spent).toBeLessThan(3 * written)
    }
  })

  it('whatever the value', () => {
    const json = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<Json>
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2, 8), (value, indent) => {
        const { spent, written } = charged(value, indent)
        expect(spent).toBeGreaterThanOrEqual(written)
      }),
    )
  })
})
