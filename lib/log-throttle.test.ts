import { expect, it } from 'vitest'
import { Backoff, LogThrottle } from './log-throttle.ts'

const MINUTE_MS = 60_000

it('tells of a failure at once, once an hour while it goes on, and whether its end is worth telling', () => {
  let now = 0
  const throttle = new LogThrottle(() => now)
  expect(throttle.succeeded('a')).toBe(false)
  expect(throttle.failed('a')).toBe(true)
  now += 59 * MINUTE_MS
  expect(throttle.failed('a')).toBe(false)
  expect(throttle.failed('b')).toBe(true)
  now += 2 * MINUTE_MS
  expect(throttle.failed('a')).toBe(true)
  expect(throttle.succeeded('a')).toBe(true)
  expect(throttle.succeeded('a')).toBe(false)
  expect(throttle.failed('a')).toBe(true)
})

it('is due at once, then after waits that double up to the longest', () => {
  let clock = 0
  const reminder = new Backoff(5, 20, () => clock)
  const due: number[] = []
  for (; clock < 80; clock++) if (reminder.isDue()) due.push(clock)
  expect(due).toEqual([0, 5, 15, 35, 55, 75])
})
