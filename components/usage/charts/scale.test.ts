import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { heightOn, namedPlaces, scaleOfShares, scaleOfTimes, scaleTo } from './scale.ts'

describe('an axis', () => {
  test('ends on a round number', () => {
    expect(scaleTo(93, { whole: true }).ticks).toEqual([0, 50, 100])
    expect(scaleTo(7, { whole: true }).ticks).toEqual([0, 2, 4, 6, 8])
    expect(scaleTo(0.31).ticks).toEqual([0, 0.1, 0.2, 0.3, 0.4])
  })

  test('of counts has no fractions', () => {
    expect(scaleTo(1, { whole: true }).ticks).toEqual([0, 1])
    expect(scaleTo(0, { whole: true }).ticks).toEqual([0, 1])
  })

  test('holds what is drawn on it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (max) => {
        const scale = scaleTo(max)
        expect(scale.high).toBeGreaterThanOrEqual(max * (1 - 1e-9))
        expect(scale.ticks.length).toBeGreaterThan(1)
        expect(scale.ticks.length).toBeLessThan(8)
        expect(heightOn(scale, max)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('of shares begins below the least', () => {
    expect(scaleOfShares([null, 0.99]).low).toBe(0.95)
    expect(scaleOfShares([0.9, 1]).low).toBe(0.8)
    expect(scaleOfShares([0.1]).low).toBe(0)
    expect(scaleOfShares([]).low).toBe(0.95)
  })
})

describe('an axis of times', () => {
  test('keeps what is short apart from what is long', () => {
    const scale = scaleOfTimes([0.038, 1.45, null, 2050])
    expect(scale.ticks).toEqual([0.01, 0.1, 1, 10, 100, 1000, 10_000].filter((_, n) => n % 2 === 0))
    const short = scaleOfTimes([0.038, 1.45])
    expect(short.ticks).toEqual([0.01, 0.1, 1, 10])
    expect(heightOn(short, 0.1)).toBeCloseTo(1 / 3)
    expect(heightOn(short, 0.038)).toBeGreaterThan(0.1)
    expect(heightOn(short, 1.45) - heightOn(short, 0.038)).toBeGreaterThan(0.4)
  })

  test('takes nothing, zero and powers of ten', () => {
    expect(scaleOfTimes([]).ticks).toEqual([1, 10])
    expect(scaleOfTimes([null, null]).ticks).toEqual([1, 10])
    expect(scaleOfTimes([1000]).ticks).toEqual([1000, 10_000])
    expect(scaleOfTimes([1, 1000]).ticks).toEqual([1, 10, 100, 1000])
    const zero = scaleOfTimes([0, 5])
    expect(zero.low).toBe(0.01)
    expect(heightOn(zero, 0)).toBe(0)
  })

  test('holds what is drawn on it, in order', () => {
    const ms = fc.double({ min: 0, max: 1e8, noNaN: true })
    fc.assert(
      fc.property(fc.array(ms, { minLength: 2, maxLength: 9 }), (times) => {
        const scale = scaleOfTimes(times)
        expect(scale.high).toBeGreaterThanOrEqual(Math.max(...times) * (1 - 1e-6))
        expect(scale.ticks.length).toBeGreaterThan(1)
        expect(scale.ticks.length).toBeLessThan(8)
        const heights = times.toSorted((one, other) => one - other).map((each) => heightOn(scale, each))
        expect(heights).toEqual(heights.toSorted((one, other) => one - other))
      }),
    )
  })
})

test('names stand evenly apart, one at the end', () => {
  expect(namedPlaces(30, 6)).toEqual([4, 9, 14, 19, 24, 29])
  expect(namedPlaces(3, 6)).toEqual([0, 1, 2])
  expect(namedPlaces(0, 6)).toEqual([])
})
