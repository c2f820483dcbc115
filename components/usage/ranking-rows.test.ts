import { expect, test } from 'vitest'
import { nextSort, type RankedRow, sortRows } from './ranking-rows.ts'

const row = (name: string, given: Partial<RankedRow>): RankedRow => ({
  key: name,
  name,
  uses: 1,
  gets: 0,
  renders: 1,
  tool_calls: 0,
  failed: 0,
  success_rate: 1,
  p50_ms: 1,
  p95_ms: 1,
  last_used_at: null,
  cost: 0,
  tokens: 0,
  ...given,
})
const ROWS = [
  row('v10', { uses: 5, p95_ms: null }),
  row('v2', { uses: 9, p95_ms: 3 }),
  row('v1', { uses: 5, p95_ms: 8 }),
]
const names = (sort: Parameters<typeof sortRows>[1]) => sortRows(ROWS, sort).map(({ name }) => name)

test('names are sorted as people count', () => {
  expect(names('name')).toEqual(['v1', 'v2', 'v10'])
  expect(names('-name')).toEqual(['v10', 'v2', 'v1'])
})

test('equal figures are sorted by name', () => {
  expect(names('-uses')).toEqual(['v2', 'v1', 'v10'])
})

test('what has no figure comes last either way', () => {
  expect(names('p95')).toEqual(['v2', 'v1', 'v10'])
  expect(names('-p95')).toEqual(['v1', 'v2', 'v10'])
})

test('a press sorts figures downwards first and names upwards, a second one turns it around', () => {
  expect(nextSort('-uses', 'p95')).toBe('-p95')
  expect(nextSort('-p95', 'p95')).toBe('p95')
  expect(nextSort('-uses', 'name')).toBe('name')
  expect(nextSort('name', 'name')).toBe('-name')
  expect(nextSort('-uses', 'success')).toBe('success')
})
