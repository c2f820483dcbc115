import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readNumber, writeNumber } from './rules.ts'

it.each([
  ['0', 0],
  ['50', 50],
  ['-3', -3],
  ['-0', 0],
  ['0.05', 0.05],
  ['.5', 0.5],
  ['007', 7],
])('%s is %d', (text, number) => {
  expect(readNumber(text, 'decimal')).toBe(number)
  expect(readNumber(text, 'whole')).toBe(text.includes('.') ? undefined : number)
})

it('reads back every number that it writes', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat(20), (digits, places) => {
      const number = Number(`${digits}e-${places}`)
      expect(readNumber(writeNumber(number), 'decimal')).toBe(number + 0)
    }),
  )
})

it('writes no exponent', () => {
  expect(writeNumber(0.000_000_1)).toBe('0.0000001')
  expect(writeNumber(10_000_000_000)).toBe('10000000000')
})
