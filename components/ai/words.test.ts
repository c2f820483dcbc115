import { expect, it } from 'vitest'
import { fallbacksOf, formatDollars, formatSize } from './words.ts'

it('says dollars as exactly as they matter', () => {
  expect([0, 0.000031, 0.05, 0.1, 12.345, 5000].map(formatDollars)).toEqual([
    '$0.00',
    '$0.000031',
    '$0.05',
    '$0.10',
    '$12.35',
    '$5,000.00',
  ])
})

it('says sizes as models are sold by them', () => {
  expect([512, 8192, 128_000, 1_050_000].map(formatSize)).toEqual(['512', '8.19K', '128K', '1.05M'])
})

it('follows fallbacks to their end, and never round in a circle', () => {
  const make = (name: string, fallback: string | null) => ({ name, fallback }) as never
  const all = [make('a', 'b'), make('b', 'c'), make('c', null), make('x', 'y'), make('y', 'x')]
  const names = (index: number) => fallbacksOf(all[index] ?? make('', null), all).map(({ name }) => name)
  expect(names(0)).toEqual(['b', 'c'])
  expect(names(3)).toEqual(['y'])
})
