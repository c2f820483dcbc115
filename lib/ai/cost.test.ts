import { expect, it } from 'vitest'
import { costOf } from './cost.ts'

const prices = (input: number | null, output: number | null) => ({
  input_price_per_million: input,
  output_price_per_million: output,
})

it.each([
  [3, 15, 1_000_000, 1_000_000, 18],
  [0.15, 0.6, 7, 3, 0.00000285],
  [0.000001, 0, 150, 0, 0.0000000002],
  [0.1, 0.2, 3, 3, 0.0000009],
  [1_000_000, 1_000_000, 2_147_483_647, 1, 2_147_483_648],
  [0, 0, 10, 10, 0],
])('%d and %d dollars a million, %d and %d tokens cost %d', (input, output, sent, got, cost) => {
  expect(costOf(prices(input, output), { input: sent, output: got })).toBe(cost)
})

it('is not known while a price is not', () => {
  expect(costOf(prices(null, 1), { input: 1, output: 1 })).toBeNull()
  expect(costOf(prices(1, null), { input: 1, output: 1 })).toBeNull()
})

it('adds up without drift', () => {
  const one = costOf(prices(0.1, 0.1), { input: 1, output: 0 }) ?? 0
  expect(costOf(prices(0.1, 0.1), { input: 1_000_000, output: 0 })).toBe(0.1)
  expect(one).toBe(0.0000001)
})
