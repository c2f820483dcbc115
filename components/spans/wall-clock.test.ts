import { describe, expect, it } from 'vitest'
import { momentIn, wallClock } from './wall-clock.ts'

describe('day and time on the clocks of a zone', () => {
  it.each([
    ['2026-07-01T12:30', 'UTC', '2026-07-01T12:30:00.000Z'],
    ['2026-07-01T12:30', 'Europe/Berlin', '2026-07-01T10:30:00.000Z'],
    ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29T12:00', 'Europe/Berlin', '2026-03-29T10:00:00.000Z'],
    ['2026-10-25T12:00', 'Europe/Berlin', '2026-10-25T11:00:00.000Z'],
    ['2026-04-05T12:00', 'Australia/Lord_Howe', '2026-04-05T01:30:00.000Z'],
    ['2026-11-24T09:00', 'Asia/Kathmandu', '2026-11-24T03:15:00.000Z'],
  ])('%s in %s is %s', (clock, zone, moment) => {
    expect(momentIn(clock, zone)?.toISOString()).toBe(moment)
    expect(wallClock(new Date(moment), zone)).toBe(clock)
  })

  it('takes an hour that there is none of for one after it', () => {
    expect(momentIn('2026-03-29T02:30', 'Europe/Berlin')?.toISOString()).toBe('2026-03-29T01:30:00.000Z')
  })

  it.each(['', '2026-13-01T00:00', 'soon', '2026-01-01T25:00'])('refuses %j', (clock) => {
    expect(momentIn(clock, 'UTC')).toBeUndefined()
  })
})
