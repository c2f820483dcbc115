import { expect, test } from 'vitest'
import { quotaMonth } from './quota-month.ts'

const quota = {
  configuration: 'c',
  quota: 'cost' as const,
  limit: 10,
  used: 4,
  expected: 9,
  reached_at: null,
}
const point = (day: number, cost: number) => ({
  time: new Date(Date.UTC(2026, 1, day)).toISOString(),
  cost,
  tokens: 100 * cost,
})

test('a quota adds up over the days of its month, and goes on to where it is expected', () => {
  const days = quotaMonth(quota, [point(1, 1), point(3, 2)], new Date('2026-02-18T13:00:00Z'))
  expect(days).toHaveLength(28)
  expect(days.map(({ time }) => time.slice(8, 10)).slice(0, 3)).toEqual(['01', '02', '03'])
  expect(days.slice(0, 4).map(({ used }) => used)).toEqual([1, 1, 3, 3])
  // What is counted besides is added today.
  expect(days.slice(16, 20).map(({ used }) => used)).toEqual([3, 4, null, null])
  expect(days.slice(16, 19).map(({ expected }) => expected)).toEqual([null, 4, 4.5])
  expect(days.at(-1)).toMatchObject({ expected: 9, limit: 10, used: null })
})

test('of tokens, without a forecast, and on the last day', () => {
  const tokens = { ...quota, quota: 'tokens' as const, used: 300, expected: null }
  const last = quotaMonth(tokens, [point(1, 1), point(28, 2)], new Date('2026-02-28T23:59:59Z'))
  expect(last.map(({ used }) => used).slice(26)).toEqual([100, 300])
  expect(last.every(({ expected }) => expected === null)).toBe(true)
  const over = quotaMonth({ ...quota, expected: 12 }, [], new Date('2026-02-28T10:00:00Z'))
  expect(over.at(-1)).toMatchObject({ used: 4, expected: 12 })
})
