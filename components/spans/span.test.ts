import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  comparedSpan,
  customDays,
  customEnds,
  dayIn,
  isTimeZone,
  type SpanChoice,
  spanOf,
  startOfDay,
} from './span.ts'

const NOW = new Date('2026-11-24T13:37:21Z')
const choice = (given: Partial<SpanChoice>): SpanChoice => ({ range: null, from: null, to: null, ...given })

describe('a range up to now', () => {
  test('of 24 hours is this hour and the 23 before', () => {
    expect(spanOf(choice({ range: '24h' }), 'Europe/Berlin', NOW)).toEqual({
      from: '2026-11-23T14:00:00.000Z',
      to: NOW.toISOString(),
      interval: 'hour',
    })
  })

  test('of days begins at midnight of the time zone and counts today', () => {
    expect(spanOf(choice({ range: '7d' }), 'Europe/Berlin', NOW).from).toBe('2026-11-17T23:00:00.000Z')
    expect(spanOf(choice({ range: '7d' }), 'America/New_York', NOW).from).toBe('2026-11-18T05:00:00.000Z')
    expect(spanOf(choice({ range: '7d' }), 'Pacific/Auckland', NOW).from).toBe('2026-11-18T11:00:00.000Z')
  })

  test('is 30 days when nothing is chosen', () => {
    expect(spanOf(choice({}), 'UTC', NOW)).toEqual({
      from: '2026-10-26T00:00:00.000Z',
      to: NOW.toISOString(),
      interval: 'day',
    })
  })

  test('crosses the change of clocks', () => {
    expect(spanOf(choice({ range: '90d' }), 'Europe/Berlin', NOW).from).toBe('2026-08-26T22:00:00.000Z')
  })

  test('begins with a whole hour where midnight lies within one', () => {
    expect(spanOf(choice({ range: '7d' }), 'Asia/Kolkata', NOW).from).toBe('2026-11-17T19:00:00.000Z')
  })
})

describe('a span of two days', () => {
  test('takes in both', () => {
    expect(spanOf(choice({ from: '2026-10-01', to: '2026-10-31' }), 'Europe/Berlin', NOW)).toEqual({
      from: '2026-09-30T22:00:00.000Z',
      to: '2026-10-31T23:00:00.000Z',
      interval: 'day',
    })
  })

  test('is shown by the hour when it is short, by the week when it is long', () => {
    expect(spanOf(choice({ from: '2026-11-01', to: '2026-11-03' }), 'UTC', NOW).interval).toBe('hour')
    expect(spanOf(choice({ from: '2026-11-01', to: '2026-11-04' }), 'UTC', NOW).interval).toBe('day')
    expect(spanOf(choice({ from: '2026-01-01', to: '2026-11-04' }), 'UTC', NOW).interval).toBe('week')
  })

  test('ends now when it reaches into the future', () => {
    expect(spanOf(choice({ from: '2026-11-20', to: '2026-12-31' }), 'UTC', NOW).to).toBe(NOW.toISOString())
  })

  test('of hours is exact, whichever zone the reader is in', () => {
    const hours = choice({ from: '2026-11-24T09:00Z', to: '2026-11-24T11:00Z' })
    for (const zone of ['UTC', 'Asia/Kolkata', 'America/St_Johns'])
      expect(spanOf(hours, zone, NOW)).toEqual({
        from: '2026-11-24T09:00:00.000Z',
        to: '2026-11-24T11:00:00.000Z',
        interval: 'hour',
      })
    expect(customDays(hours)).toBeUndefined()
    expect(customEnds(choice({ from: '2026-11-24', to: '2026-11-24T11:00Z' }))).toBeUndefined()
    expect(customEnds(choice({ from: hours.from, to: hours.from }))).toBeUndefined()
    expect(spanOf({ ...hours, to: '2026-11-24T14:00Z' }, 'UTC', NOW).to).toBe(NOW.toISOString())
  })

  test('ends with the hour that its last midnight lies in, as uses are counted', () => {
    const day = choice({ from: '2026-11-20', to: '2026-11-20' })
    expect(spanOf(day, 'Asia/Kolkata', NOW)).toEqual({
      from: '2026-11-19T19:00:00.000Z',
      to: '2026-11-20T19:00:00.000Z',
      interval: 'hour',
    })
  })

  test('of one day has 23 or 25 hours where the clocks change, and three such days are shown by the hour', () => {
    const hoursOf = (from: string, to: string) => {
      const span = spanOf(choice({ from, to }), 'Europe/Berlin', NOW)
      expect(span.interval).toBe('hour')
      return (Date.parse(span.to) - Date.parse(span.from)) / 3_600_000
    }
    expect(hoursOf('2026-03-29', '2026-03-29')).toBe(23)
    expect(hoursOf('2026-10-25', '2026-10-25')).toBe(25)
    expect(hoursOf('2026-10-24', '2026-10-26')).toBe(73)
  })

  test('that makes no sense is not taken', () => {
    expect(customDays(choice({ from: '2026-11-02', to: '2026-11-01' }))).toBeUndefined()
    expect(customDays(choice({ from: '2026-11-02' }))).toBeUndefined()
    expect(customDays(choice({ from: '2020-01-01', to: '2026-11-01' }))).toBeUndefined()
    expect(spanOf(choice({ from: '2027-01-01', to: '2027-01-02' }), 'UTC', NOW).interval).toBe('day')
  })
})

test('a day begins when the clocks of its zone say so, also where they change', () => {
  expect(new Date(startOfDay('2026-03-29', 'Europe/Berlin')).toISOString()).toBe('2026-03-28T23:00:00.000Z')
  expect(new Date(startOfDay('2026-03-30', 'Europe/Berlin')).toISOString()).toBe('2026-03-29T22:00:00.000Z')
  expect(new Date(startOfDay('2026-11-01', 'America/New_York')).toISOString()).toBe(
    '2026-11-01T04:00:00.000Z',
  )
  expect(dayIn(new Date('2026-11-24T23:30:00Z'), 'Asia/Tokyo')).toBe('2026-11-25')
})

test('time zones are known by name', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true)
  expect(['CET', 'utc', 'EST5EDT', 'Asia/Kolkata'].every(isTimeZone)).toBe(true)
  // Another zone to the database than to JavaScript, none at all, and an offset.
  expect(['IST', 'BST', 'AET', '+02:00', 'Middle/Earth', ''].some(isTimeZone)).toBe(false)
})

describe('the span that another is compared with', () => {
  const span = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-08T10:30:00.000Z', interval: 'day' } as const

  test('ends where the other begins, in whole days', () => {
    expect(comparedSpan(span, 'before', 'UTC')).toEqual({
      from: '2026-10-24T00:00:00.000Z',
      to: '2026-10-31T10:30:00.000Z',
      interval: 'day',
    })
  })

  test('has the same days of the week a year before', () => {
    const before = comparedSpan(span, 'year', 'UTC')
    expect(before.from).toBe('2025-11-02T00:00:00.000Z')
    expect(new Date(before.from).getUTCDay()).toBe(new Date(span.from).getUTCDay())
  })

  test.each([
    ['2026-11-01T00:00:00.000Z', '2026-11-08T00:00:00.000Z', 7],
    ['2026-11-01T00:00:00.000Z', '2026-11-08T10:30:00.000Z', 14],
    ['2026-10-26T00:00:00.000Z', '2026-11-24T10:30:00.000Z', 35],
    ['2026-11-23T14:00:00.000Z', '2026-11-24T13:37:00.000Z', 7],
  ])('of the same weekdays from %s to %s is %i days back', (from, to, days) => {
    const interval = Date.parse(to) - Date.parse(from) < 86_400_000 ? 'hour' : 'day'
    const before = comparedSpan({ from, to, interval }, 'weekdays', 'UTC')
    expect(Date.parse(from) - Date.parse(before.from)).toBe(days * 86_400_000)
    expect(Date.parse(to) - Date.parse(before.to)).toBe(days * 86_400_000)
  })

  test('of the same weekdays never overlaps, begins on the same weekday, and keeps the clocks of its zone', () => {
    const clock = (iso: string, zone: string) =>
      new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
      }).format(new Date(iso))
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe'),
        fc.integer({ min: 0, max: 700 }),
        fc.integer({ min: 0, max: 300 }),
        (zone, ago, length) => {
          const last = addDays('2026-11-24', -ago)
          const span = spanOf(choice({ from: addDays(last, -length), to: last }), zone, NOW)
          const before = comparedSpan(span, 'weekdays', zone)
          expect(Date.parse(before.to)).toBeLessThanOrEqual(Date.parse(span.from))
          expect(clock(before.from, zone)).toBe(clock(span.from, zone))
          expect(clock(before.to, zone)).toBe(clock(span.to, zone))
        },
      ),
    )
  })

  test('has days of the zone where the clocks changed in between', () => {
    // From the 20th of October in summer time to the 2nd of November in winter time.
    const days = {
      from: '2026-10-19T22:00:00.000Z',
      to: '2026-11-02T23:00:00.000Z',
      interval: 'day',
    } as const
    expect(comparedSpan(days, 'before', 'Europe/Berlin')).toEqual({
      from: '2026-10-05T22:00:00.000Z',
      to: '2026-10-19T22:00:00.000Z',
      interval: 'day',
    })
    expect(comparedSpan(days, 'year', 'Europe/Berlin').from).toBe('2025-10-20T22:00:00.000Z')
    expect(comparedSpan(days, 'year', 'Europe/Berlin').to).toBe('2025-11-03T23:00:00.000Z')
  })

  test('has as many hours before hours', () => {
    const hours = {
      from: '2026-10-24T22:00:00.000Z',
      to: '2026-10-25T23:00:00.000Z',
      interval: 'hour',
    } as const
    expect(comparedSpan(hours, 'before', 'Europe/Berlin').from).toBe('2026-10-23T21:00:00.000Z')
  })
})
