import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  courseOf,
  type Days,
  endOfMonth,
  expectedOf,
  knownDays,
  LOOK_BACK,
  outlook,
  reachedAt,
} from './forecast.ts'

const DAY_MS = 86_400_000
/** A Thursday at noon; the month has 30 days. */
const NOW = new Date('2026-06-18T12:00:00Z')
const TODAY = Date.parse('2026-06-18T00:00:00Z')

/** Sums of the days before today, the last one first. */
const before = (sum: (weekday: number, n: number) => number, days: number): Map<number, number> =>
  new Map(
    Array.from({ length: days }, (_, n) => {
      const time = TODAY - (n + 1) * DAY_MS
      return [time, sum(new Date(time).getUTCDay(), n)]
    }),
  )

function viewOf(days: Days) {
  const view = outlook(days, NOW, knownDays(days, NOW))
  if (view === undefined) throw new Error('too little')
  return view
}

describe('a forecast', () => {
  it('is none of fewer than seven whole days', () => {
    for (const days of [0, 1, 6]) {
      const sums = before(() => 3, days)
      expect(outlook(sums, NOW, knownDays(sums, NOW))).toBeUndefined()
    }
    // Today is no whole day.
    const sums = new Map([...before(() => 3, 6), [TODAY, 5]])
    expect(outlook(sums, NOW, knownDays(sums, NOW))).toBeUndefined()
  })

  it('takes each day to be like its weekday, once four weeks are known', () => {
    const days = before((weekday) => (weekday === 0 || weekday === 6 ? 0 : 10), LOOK_BACK)
    const view = viewOf(days)
    expect(view).toMatchObject({ method: 'weekdays', days: 28, deviation: 0 })
    // 13 working days of June are over, of 17 days; 8.5 are left of the other 13.
    expect(expectedOf(days, NOW, view)).toMatchObject({ spent: 130, expected: 215, low: 215, high: 215 })
  })

  it('takes the mean of what is known before', () => {
    const days = before((_, n) => (n < 10 ? 2 : 0), LOOK_BACK)
    const view = viewOf(days)
    expect(view).toMatchObject({ method: 'days', days: 10, deviation: 0 })
    expect(expectedOf(days, NOW, view)).toMatchObject({ spent: 20, expected: 45 })
  })

  it('counts a day without spending as one', () => {
    const days = new Map([
      [TODAY - 9 * DAY_MS, 9],
      [TODAY, 1],
    ])
    expect(viewOf(days)).toMatchObject({ days: 9, means: Array.from({ length: 7 }, () => 1) })
  })

  it('never falls below what is spent, and has wider bounds the less even the days are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 28, maxLength: 28 }), fc.nat(5000), (sums, today) => {
        const days = new Map([...before((_, n) => (sums[n] ?? 0) + 1, LOOK_BACK), [TODAY, today]])
        const { spent, expected, low, high, course } = expectedOf(days, NOW, viewOf(days))
        expect(low).toBeGreaterThanOrEqual(spent)
        expect(expected).toBeGreaterThanOrEqual(low)
        expect(high).toBeGreaterThanOrEqual(expected)
        expect(course).toHaveLength(30)
        expect(course.filter((day) => !day.is_expected)).toHaveLength(18)
        expect(course[17]).toEqual({ time: '2026-06-18T00:00:00.000Z', sum: spent, is_expected: false })
        expect(course.map((day) => day.sum)).toEqual(course.map((day) => day.sum).toSorted((a, b) => a - b))
        expect(course.at(-1)?.sum).toBeCloseTo(expected, 6)
      }),
    )
  })

  it('has no days to come of what is not known, and puts what no day has before the first', () => {
    const days = new Map([
      [Date.parse('2026-06-02T00:00:00Z'), 3],
      [TODAY, 1],
    ])
    const sums = courseOf(days, 10, NOW, undefined).map(({ sum }) => sum)
    expect(sums).toEqual([6, ...Array.from({ length: 16 }, () => 9), 10])
  })

  it('knows the last moment of a month, and its first', () => {
    for (const text of ['2026-06-30T23:59:59.999Z', '2026-07-01T00:00:00.000Z', '2028-02-29T12:00:00Z']) {
      const now = new Date(text)
      const start = Math.floor(now.getTime() / DAY_MS) * DAY_MS
      const days = new Map(Array.from({ length: 28 }, (_, n) => [start - (n + 1) * DAY_MS, 1]))
      const view = outlook(days, now, 28)
      const { expected = 0, course = [] } = view ? expectedOf(days, now, view) : {}
      expect(expected).toBeGreaterThan(0)
      expect(course.filter((day) => day.time.slice(0, 7) === text.slice(0, 7))).toHaveLength(
        new Date(endOfMonth(now) - 1).getUTCDate(),
      )
    }
  })
})

describe('a quota', () => {
  const view = viewOf(before(() => 10, LOOK_BACK))

  it('is reached when what is left of it has grown together', () => {
    expect(reachedAt(100, 100, NOW, view)).toEqual(NOW)
    expect(reachedAt(100, 105, NOW, view)).toEqual(new Date(TODAY + DAY_MS))
    expect(reachedAt(100, 125, NOW, view)).toEqual(new Date(TODAY + 3 * DAY_MS))
    expect(reachedAt(100, 102.5, NOW, view)).toEqual(new Date(NOW.getTime() + DAY_MS / 4))
  })

  it('is not reached in a month that ends before, nor told of what is not known', () => {
    expect(reachedAt(100, 226, NOW, view)).toBeNull()
    expect(reachedAt(100, 101, NOW, undefined)).toBeNull()
    expect(reachedAt(101, 101, NOW, undefined)).toEqual(NOW)
  })
})
