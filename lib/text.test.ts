import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutText, endsInHalf, mendJson, mendText } from './text.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const brokenText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units))

it('cuts where it is told to', () => {
  expect(cutText('abc', 3)).toBe('abc')
  expect(cutText('abcd', 3)).toBe('abc')
  expect(cutText('abc', 0)).toBe('')
  expect(cutText('', 5)).toBe('')
})

it('never cuts a surrogate pair in half', () => {
  expect(cutText(`${'a'.repeat(79)}😀`, 80)).toBe('a'.repeat(79))
  expect(cutText(`${'a'.repeat(78)}😀b`, 80)).toBe(`${'a'.repeat(78)}😀`)
  expect(cutText('😀', 1)).toBe('')
  fc.assert(
    fc.property(anyText, fc.nat(40), (text, most) => {
      const cut = cutText(text, most)
      expect(cut.isWellFormed()).toBe(true)
      expect(text.startsWith(cut)).toBe(true)
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(most, text.length) - 1)
      expect(cut.length).toBeLessThanOrEqual(most)
    }),
  )
})

it('mends what can be neither stored nor sent, and nothing else', () => {
  expect(mendText('a\0b\uD83Dc\uDE00')).toBe('a\uFFFDb\uFFFDc\uFFFD')
  expect(mendText('\u202Eab\u0001\uFFFF\uFEFF😀')).toBe('\u202Eab\u0001\uFFFF\uFEFF😀')
  fc.assert(
    fc.property(brokenText, (text) => {
      const mended = mendText(text)
      expect(mended.length).toBe(text.length)
      expect(mended.isWellFormed() && !mended.includes('\0')).toBe(true)
    }),
  )
})

it('mends a text of JSON without touching the rest', () => {
  expect(mendJson('{"a":"\\u0000b\\ud83dc","n":12345678901234567890}')).toBe(
    '{"a":"\\ufffdb\\ufffdc","n":12345678901234567890}',
  )
  // A pair in escapes, and a backslash that is escaped itself.
  expect(mendJson('["\\ud83d\\ude00","\\\\ud83d","\\u00e9"]')).toBe(
    '["\\ud83d\\ude00","\\\\ud83d","\\u00e9"]',
  )
  fc.assert(
    fc.property(brokenText, (text) => {
      expect(JSON.parse(mendJson(JSON.stringify([text])))).toEqual([mendText(text)])
    }),
  )
})

it('tells whether a text ends within a pair', () => {
  expect(endsInHalf('a\uD83D')).toBe(true)
  expect(endsInHalf('a😀')).toBe(false)
  expect(endsInHalf('')).toBe(false)
})
