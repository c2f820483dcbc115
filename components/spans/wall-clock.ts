import { startOfDay } from './span.ts'

const MINUTE_MS = 60_000

/** A moment as a field of day and time has it in a zone: `2026-11-24T14:05`. */
export function wallClock(moment: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(moment)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/**
 * The moment at which the clocks of a zone show this; of two (the hour that a change of clocks repeats) the first, and
 * where there is none, the one as far after midnight.
 */
export function momentIn(clock: string, zone: string): Date | undefined {
  const [, day = '', hours = '', minutes = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(clock) ?? []
  if (Number.isNaN(Date.parse(`${day}T${hours}:${minutes}`))) return undefined
  const plain = startOfDay(day, zone) + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
  // The clocks may have changed since midnight.
  for (const shift of [0, -60, 60, -30, 30])
    if (wallClock(new Date(plain + shift * MINUTE_MS), zone) === clock.slice(0, 16))
      return new Date(plain + shift * MINUTE_MS)
  return new Date(plain)
}
