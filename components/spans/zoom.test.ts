import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { customEnds, type SpanChoice, spanOf } from './span.ts'
import { countedSpanParsers, listSpanParsers } from './span-parsers.ts'
import { canZoom, moved, zoomed, zoomedOut } from './zoom.ts'

const HOUR_MS = 3_600_000
const BERLIN = { zone: 'Europe/Berlin', range: '7d' } as const

const points = (...times: string[]) => times.map((time) => ({ time }))

describe('what is zoomed into', () => {
  const days = {
    points: points('2026-11-22T23:00:00.000Z', '2026-11-23T23:00:00.000Z', '2026-11-24T23:00:00.000Z'),
    interval: 'day',
    from: '2026-11-22T23:00:00.000Z',
    to: '2026-11-25T10:00:00.000Z',
  }

  it.each([
    [0, 1, '2026-11-23', '2026-11-24'],
    [1, 1, '2026-11-24', '2026-11-24'],
    [1, 2, '2026-11-24', '2026-11-25'],
  ])('of days, points %i to %i are the days of the zone', (from, to, first, last) => {
    expect(zoomed(days, BERLIN, from, to)).toEqual({ range: '7d', from: first, to: last })
  })

  it('of weeks are all their days', () => {
    const weeks = {
      points: points('2026-11-02T00:00:00.000Z', '2026-11-09T00:00:00.000Z'),
      interval: 'week',
      from: '2026-11-02T00:00:00.000Z',
      to: '2026-11-16T00:00:00.000Z',
    }
    const utc = { zone: 'UTC', range: null }
    expect(zoomed(weeks, utc, 0, 0)).toEqual({ range: null, from: '2026-11-02', to: '2026-11-08' })
  })

  it('of hours are these hours, with the zone; the running one to its end', () => {
    const hours = {
      points: points('2026-11-24T12:00:00.000Z', '2026-11-24T13:00:00.000Z'),
      interval: 'hour',
      from: '2026-11-24T12:00:00.000Z',
      to: '2026-11-24T13:37:21.000Z',
    }
    expect(zoomed(hours, BERLIN, 0, 0)).toMatchObject({ from: '2026-11-24T12:00Z', to: '2026-11-24T13:00Z' })
    expect(zoomed(hours, BERLIN, 1, 1)).toEqual({
      range: '7d',
      from: '2026-11-24T13:00Z',
      to: '2026-11-24T14:00Z',
      tz: 'Europe/Berlin',
    })
    expect(canZoom(hours)).toBe(true)
    expect(canZoom({ ...hours, points: hours.points.slice(1) })).toBe(false)
    expect(canZoom({ ...days, points: days.points.slice(1) })).toBe(true)
  })
})

describe('an hour in the address', () => {
  it.each([
    ['2026-11-24T13:00Z', '2026-11-24T13:00Z', '2026-11-24T13:00Z'],
    ['2026-11-24T13:20:01.5Z', '2026-11-24T13:00Z', '2026-11-24T14:00Z'],
    // What somebody typed, half an hour off and with a plus that arrives as a blank.
    ['2026-11-24T14:30 05:30', '2026-11-24T09:00Z', '2026-11-24T09:00Z'],
    ['2026-11-24T14:00+05:30', '2026-11-24T08:00Z', '2026-11-24T09:00Z'],
    ['2026-11-24', '2026-11-24', '2026-11-24'],
    ['2026-02-31T10:00Z', null, null],
    ['2026-02-31', null, null],
    ['2026-11-24T13:00', null, null],
    ['2026-11-24T24:00Z', null, null],
  ])('%s begins at %s and ends at %s', (text, start, end) => {
    expect([countedSpanParsers.from.parse(text), countedSpanParsers.to.parse(text)]).toEqual([start, end])
  })

  it('of a list is to the minute', () => {
    const { from, to } = listSpanParsers
    const exact = '2026-11-24T13:20:01Z'
    expect([from.parse(exact), to.parse(exact)]).toEqual(['2026-11-24T13:20Z', '2026-11-24T13:21Z'])
    expect(from.parse('2026-11-24T14:30 05:30')).toBe('2026-11-24T09:00Z')
    expect([from.parse('2026-11-24'), to.parse('2026-11-24T13:20')]).toEqual(['2026-11-24', null])
  })
})

const NOW = Date.parse('2026-11-24T13:37:21Z')
const choice = (given: Partial<SpanChoice>): SpanChoice => ({ range: null, from: null, to: null, ...given })

describe('the spans around one', () => {
  const around = (given: SpanChoice, zone = 'Europe/Berlin') => ({ zone, choice: given, now: NOW })
  const shown = (given: SpanChoice, zone = 'Europe/Berlin') => spanOf(given, zone, new Date(NOW))

  it('is twice as long, in hours or days', () => {
    const hours = choice({ from: '2026-11-23T10:00Z', to: '2026-11-23T12:00Z' })
    expect(zoomedOut(shown(hours), around(hours))).toMatchObject({
      from: '2026-11-23T09:00Z',
      to: '2026-11-23T13:00Z',
    })
    const days = choice({ from: '2026-11-10', to: '2026-11-13' })
    expect(zoomedOut(shown(days), around(days))).toMatchObject({ from: '2026-11-08', to: '2026-11-15' })
    const last = choice({ range: '90d' })
    expect(zoomedOut(shown(last), around(last))?.to).toBe('2026-11-24')
    const most = choice({ from: '2025-01-01', to: '2026-11-01' })
    expect(zoomedOut(shown(most), around(most))).toBeUndefined()
  })

  it('of minutes is of minutes, and of hours that go on of all of them', () => {
    const minutes = choice({ from: '2026-11-24T11:05Z', to: '2026-11-24T11:20Z' })
    expect(zoomedOut(shown(minutes), around(minutes))).toMatchObject({
      from: '2026-11-24T10:58Z',
      to: '2026-11-24T11:28Z',
    })
    expect(moved(shown(minutes), around(minutes), 1)).toMatchObject({
      from: '2026-11-24T11:20Z',
      to: '2026-11-24T11:35Z',
    })
    const day = choice({ from: '2026-11-24T10:00Z', to: '2026-11-24T20:00Z' })
    expect(moved(shown(day), around(day), -1)).toMatchObject({
      from: '2026-11-24T00:00Z',
      to: '2026-11-24T10:00Z',
    })
  })

  it('goes back and forth by its length, across a change of clocks', () => {
    const sunday = choice({ from: '2026-10-25', to: '2026-10-25' })
    expect(moved(shown(sunday), around(sunday), -1)).toMatchObject({ from: '2026-10-24', to: '2026-10-24' })
    expect(moved(shown(sunday), around(sunday), 1)).toMatchObject({ from: '2026-10-26', to: '2026-10-26' })
    const today = choice({ range: '24h' })
    expect(moved(shown(today), around(today), 1)).toBeUndefined()
    expect(moved(shown(today), around(today), -1)).toMatchObject({
      from: '2026-11-22T14:00Z',
      to: '2026-11-23T14:00Z',
    })
    const week = choice({ range: '7d' })
    expect(moved(shown(week), around(week), -1)).toMatchObject({ from: '2026-11-11', to: '2026-11-17' })
    const month = choice({ from: '2026-11-01', to: '2026-11-30' })
    expect(moved(shown(month), around(month), -1)).toMatchObject({ from: '2026-10-02', to: '2026-10-31' })
  })

  it('is one that can be shown, whatever was shown before, and holds what was shown when it is wider', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe'),
        fc.integer({ min: 0, max: 24 * 400 }),
        fc.integer({ min: 1, max: 24 * 200 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 59 }),
        (zone, ago, length, areDays, minutes) => {
          const end = Math.floor(NOW / HOUR_MS) * HOUR_MS - ago * HOUR_MS - minutes * 60_000
          const iso = (ms: number) => new Date(ms).toISOString().slice(0, areDays ? 10 : 16)
          const given = areDays
            ? choice({ from: iso(end - length * HOUR_MS), to: iso(end) })
            : choice({ from: `${iso(end - length * HOUR_MS)}Z`, to: `${iso(end)}Z` })
          const span = shown(given, zone)
          for (const next of [
            zoomedOut(span, around(given, zone)),
            moved(span, around(given, zone), -1),
            moved(span, around(given, zone), 1),
          ]) {
            if (next === undefined) continue
            expect(customEnds(next)).toBeDefined()
            expect(Date.parse(shown(next, zone).from)).toBeLessThan(NOW)
          }
          const wider = shown(zoomedOut(span, around(given, zone)) ?? given, zone)
          expect(Date.parse(wider.from)).toBeLessThanOrEqual(Date.parse(span.from))
          expect(Date.parse(wider.to)).toBeGreaterThanOrEqual(Date.parse(span.to))
        },
      ),
    )
  })
})
