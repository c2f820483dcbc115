import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUCKETS, bucketOf, percentile } from './histogram.ts'

function count(durations: number[]): number[] {
  const counts = Array.from({ length: BUCKETS }, () => 0)
  for (const duration of durations) counts[bucketOf(duration)] = (counts[bucketOf(duration)] ?? 0) + 1
  return counts
}

describe('histogram', () => {
  it('puts longer durations into later buckets', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.integer({ min: 0, max: 1000 }),
        (duration, more) => {
          expect(bucketOf(duration + more)).toBeGreaterThanOrEqual(bucketOf(duration))
          expect(bucketOf(duration)).toBeGreaterThanOrEqual(0)
          expect(bucketOf(duration)).toBeLessThan(BUCKETS)
        },
      ),
    )
  })

  it('tells percentiles within a fifth above the true ones', () => {
    const durations = fc.array(fc.integer({ min: 16, max: 56_000_000 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99), (sample, fraction) => {
        const sorted = sample.toSorted((a, b) => a - b)
        const exact = sorted[Math.ceil(sorted.length * fraction) - 1] ?? 0
        const told = percentile(count(sample), fraction) ?? 0
        expect(told).toBeGreaterThanOrEqual(exact)
        expect(told).toBeLessThanOrEqual(exact * 1.25 + 1)
      }),
    )
  })

  it('gives the same percentiles for merged counts as for all durations together', () => {
    const durations = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 100 })
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        const [left, right] = [count(a), count(b)]
        const merged = left.map((n, bucket) => n + (right[bucket] ?? 0))
        expect(percentile(merged, 0.95)).toBe(percentile(count([...a, ...b]), 0.95))
      }),
    )
  })

  it('knows no percentile of nothing', () => {
    expect(percentile(count([]), 0.5)).toBeNull()
  })
})
