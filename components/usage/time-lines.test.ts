import { expect, test } from 'vitest'
import type { Timeseries } from '#lib/usage/schema.ts'
import { fileTime, timeLineOf, usesOf } from './time-lines.ts'

const HOUR_MS = 3_600_000

/** Points one hour after another. */
const hours = (from: string, count: number, to?: string) => ({
  interval: 'hour' as const,
  marks: [],
  points: Array.from({ length: count }, (_, n) => ({
    time: new Date(Date.parse(from) + n * HOUR_MS).toISOString(),
  })),
  to: to ?? new Date(Date.parse(from) + count * HOUR_MS).toISOString(),
})

test('the hour that a change of clocks repeats is told apart by its offset', () => {
  const { names } = timeLineOf(hours('2026-10-24T23:00:00Z', 4), 'Europe/Berlin')
  expect(names.map((name) => name.replace(/^.*2026, /, ''))).toEqual([
    '01:00',
    '02:00 GMT+2',
    '02:00 GMT+1',
    '03:00',
  ])
  expect(timeLineOf(hours('2026-03-29T00:00:00Z', 2), 'Europe/Berlin').ticks).toEqual(['01:00', '03:00'])
})

test('a day begins with its first hour, at half past where clocks are half an hour off', () => {
  expect(timeLineOf(hours('2026-11-24T17:00:00Z', 4), 'Asia/Kolkata').ticks).toEqual([
    '22:30',
    '23:30',
    '25 Nov',
    '01:30',
  ])
})

test('a point that is not over says so, also on the day after a longer one', () => {
  const running = timeLineOf(hours('2026-11-24T12:00:00Z', 2, '2026-11-24T13:37:21Z'), 'UTC')
  expect(running.names.map((name) => name.endsWith(', so far'))).toEqual([false, true])
  const over = timeLineOf(hours('2026-11-24T12:00:00Z', 2), 'UTC')
  expect(over.names.some((name) => name.endsWith(', so far'))).toBe(false)
  const days = (to: string) =>
    timeLineOf(
      {
        interval: 'day',
        marks: [],
        points: [{ time: '2026-10-24T22:00:00.000Z' }, { time: '2026-10-25T23:00:00.000Z' }],
        to,
      },
      'Europe/Berlin',
    ).names
  expect(days('2026-10-26T23:00:00.000Z').at(-1)).toBe('Mon, 26 Oct 2026')
  expect(days('2026-10-26T22:00:00.000Z').at(-1)).toBe('Mon, 26 Oct 2026, so far')
})

test('a note of just now stands at the end of a span that was read a moment before, a later one nowhere', () => {
  const running = hours('2026-11-24T12:00:00Z', 2, '2026-11-24T13:37:58.000Z')
  const note = (at: string) => ({
    id: '018f0000-0000-7000-8000-000000000000',
    at,
    text: at,
    prompt: null,
    author: { id: '018f0000-0000-7000-8000-000000000001', kind: 'person' as const, display: 'Somebody' },
    created_at: at,
  })
  const now = '2026-11-24T13:38:00.000Z'
  const { happened } = timeLineOf(running, 'UTC', [note(now), note('2026-11-24T13:50:00.000Z')])
  expect(happened).toEqual([undefined, now])
})

test('files of hours have the hour in their names', () => {
  expect(fileTime({ from: '2026-11-24T13:00:00.000Z', interval: 'hour' })).toBe('2026-11-24T13h')
  expect(fileTime({ from: '2026-11-24T13:00:00.000Z', interval: 'day' })).toBe('2026-11-24')
})

test('a client that is called as a member of every object has no uses where it has none', () => {
  const used: Record<string, number> = { constructor: 3 }
  const points = [{ series: used }, { series: {} }]
  const series = { points, keys: ['constructor'] } as unknown as Timeseries
  expect(usesOf(series, 'client', false)).toMatchObject([{ values: [3, 0], whole: 3 }])
})
