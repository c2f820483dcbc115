import { expect, it } from 'vitest'
import { createFailureTeller } from './failure-teller.ts'

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
