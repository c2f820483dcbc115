import { expect, it } from 'vitest'
import { zoomed } from './zoom.ts'

const days = {
  points: ['2026-11-22T23:00:00.000Z', '2026-11-23T23:00:00.000Z', '2026-11-24T23:00:00.000Z'].map(
    (time) => ({
      time,
    }),
  ),
  to: '2026-11-25T10:00:00.000Z',
}

it.each([
  [0, 1, '2026-11-23', '2026-11-24'],
  [1, 1, '2026-11-24', '2026-11-24'],
  [1, 2, '2026-11-24', '2026-11-25'],
])('points %i to %i are the days of the zone', (from, to, first, last) => {
  expect(zoomed(days, 'Europe/Berlin', from, to)).toEqual({ range: null, from: first, to: last })
})

it('weeks are all their days', () => {
  const weeks = {
    points: [{ time: '2026-11-02T00:00:00.000Z' }, { time: '2026-11-09T00:00:00.000Z' }],
    to: '2026-11-16T00:00:00.000Z',
  }
  expect(zoomed(weeks, 'UTC', 0, 0)).toEqual({ range: null, from: '2026-11-02', to: '2026-11-08' })
})
