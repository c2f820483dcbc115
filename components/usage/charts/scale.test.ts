import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { heightOn, namedPlaces, scaleOfShares, scaleTo } from './scale.ts'

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

test('names stand evenly apart, one at the end', () => {
  expect(namedPlaces(30, 6)).toEqual([4, 9, 14, 19, 24, 29])
  expect(namedPlaces(3, 6)).toEqual([0, 1, 2])
  expect(namedPlaces(0, 6)).toEqual([])
})
