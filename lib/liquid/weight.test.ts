import { expect, it } from 'vitest'
import { threadMs } from '../testing/time/processor-time.ts'
import { HOSTILE_TEXTS } from './hostile.ts'
import { codeLength, isHeavy } from './weight.ts'

it.each([
  ['', 0],
  ['no code { at } all', 0],
  ['{{ a }}.{% if b %}{', 6 + 10],
  ['{{ open', 7],
])('%j holds code of %d characters', (text, length) => {
  expect(codeLength(text)).toBe(length)
})

it('is told in time linear in the text', () => {
  for (const text of Object.values(HOSTILE_TEXTS))
    expect(threadMs(() => codeLength(text), 100)).toBeLessThan(100)
})

it('many light texts are heavy together', () => {
  const text = '{{ a.b }}'.repeat(1_000)
  expect(isHeavy([text])).toBe(false)
  expect(isHeavy(Array.from({ length: 10 }, () => text))).toBe(true)
  expect(isHeavy(['x'.repeat(1_000_000)])).toBe(false)
})
