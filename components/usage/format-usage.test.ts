import { expect, test } from 'vitest'
import { formatMs, formatMsTick } from './format-usage.ts'

test.each([
  [null, '–'],
  [0, '0 ms'],
  [0.038, '< 0.1 ms'],
  [0.1, '0.1 ms'],
  [1.45, '1.5 ms'],
  [2, '2.0 ms'],
  [9.96, '10 ms'],
  [12.34, '12 ms'],
  [999.7, '1.00 s'],
  [1200, '1.20 s'],
  [12_000, '12.0 s'],
  [120_400, '120 s'],
])('%d milliseconds are %s', (ms, shown) => {
  expect(formatMs(ms)).toBe(shown)
})

test('a round time beside an axis has no more digits than it needs', () => {
  expect([0.01, 0.1, 1, 100, 1000, 10_000, 1e7].map(formatMsTick)).toEqual([
    '0.01 ms',
    '0.1 ms',
    '1 ms',
    '100 ms',
    '1 s',
    '10 s',
    '10,000 s',
  ])
})
