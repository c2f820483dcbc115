import { expect, it } from 'vitest'
import { createFailureTeller, growingIntervals } from './failure-teller.ts'

const MINUTE_MS = 60_000

it('tells of a failure at once, once an hour while it goes on, and whether its end is worth telling', () => {
  let now = 0
  const teller = createFailureTeller(() => now)
  expect(teller.works('a')).toBe(false)
  expect(teller.failed('a')).toBe(true)
  now += 59 * MINUTE_MS
  expect(teller.failed('a')).toBe(false)
  expect(teller.failed('b')).toBe(true)
  now += 2 * MINUTE_MS
  expect(teller.failed('a')).toBe(true)
  expect(teller.works('a')).toBe(true)
  expect(teller.works('a')).toBe(false)
  expect(teller.failed('a')).toBe(true)
})

it('is due at once, then after waits that double up to the longest', () => {
  let clock = 0
  const reminder = growingIntervals(5, 20, () => clock)
  const due: number[] = []
  for (; clock < 80; clock++) if (reminder.isDue()) due.push(clock)
  expect(due).toEqual([0, 5, 15, 35, 55, 75])
})
