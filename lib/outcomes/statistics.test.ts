import { describe, expect, it } from 'vitest'
import { meanScore, newcombe, studentQuantile, wilson } from './statistics.ts'

const rounded = ({ low, high }: { low: number; high: number }) => [low.toFixed(4), high.toFixed(4)]

describe('the interval of a share', () => {
  // Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3.
  it.each([
    [81, 263, '0.2553', '0.3662'],
    [15, 148, '0.0624', '0.1605'],
    [0, 20, '0.0000', '0.1611'],
    [1, 29, '0.0061', '0.1718'],
    [29, 29, '0.8830', '1.0000'],
  ])('of %i in %i', (successes, total, low, high) => {
    expect(rounded(wilson({ successes, total }))).toEqual([low, high])
  })

  it('stays within 0 and 1, around its share', () => {
    for (let total = 1; total < 60; total++)
      for (let successes = 0; successes <= total; successes++) {
        const { value, low, high } = wilson({ successes, total })
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low <= value && value <= high).toBe(true)
      }
  })
})

describe('the interval of a difference', () => {
  // Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10.
  it.each([
    [[56, 70], [48, 80], '0.0524', '0.3339'],
    [[9, 10], [3, 10], '0.1705', '0.8090'],
    [[6, 7], [2, 7], '0.0582', '0.8062'],
    [[5, 56], [0, 29], '-0.0381', '0.1926'],
    [[0, 10], [0, 20], '-0.1611', '0.2775'],
    [[10, 10], [0, 20], '0.6791', '1.0000'],
  ])('of %j and %j', ([s1 = 0, n1 = 0], [s2 = 0, n2 = 0], low, high) => {
    expect(rounded(newcombe({ successes: s1, total: n1 }, { successes: s2, total: n2 }))).toEqual([low, high])
  })
})

describe('the interval of a mean', () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [1000, 1.962],
  ])('uses Student’s quantile for %i degrees of freedom', (freedom, quantile) => {
    expect(Math.abs(studentQuantile(freedom) - quantile)).toBeLessThan(0.002)
  })

  it('of five scores', () => {
    const scores = [0.5, 0.6, 0.7, 0.8, 0.9]
    const sums = {
      count: 5,
      sum: scores.reduce((sum, score) => sum + score),
      squares: scores.reduce((sum, score) => sum + score ** 2, 0),
    }
    const found = meanScore(sums)
    expect(found?.value).toBeCloseTo(0.7)
    // 0.7 ± 2.776 × 0.1581 ÷ √5
    expect(found?.low).toBeCloseTo(0.5037, 3)
    expect(found?.high).toBeCloseTo(0.8963, 3)
  })

  it('stays within 0 and 1, and needs two scores', () => {
    expect(meanScore({ count: 2, sum: 1, squares: 1 })).toEqual({ value: 0.5, low: 0, high: 1 })
    expect(meanScore({ count: 3, sum: 3, squares: 3 })).toEqual({ value: 1, low: 1, high: 1 })
    expect(meanScore({ count: 1, sum: 1, squares: 1 })).toBeNull()
  })
})
