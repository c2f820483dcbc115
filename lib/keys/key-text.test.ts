import { describe, expect, it } from 'vitest'
import { isKeyText, newKeyText, shownPrefix } from './key-text.ts'

/** As docs/access.md gives it to secret scanners. */
const SCANNER = /\binc_[0-9A-Za-z]{49}\b/g

describe('the text of a key', () => {
  const key = newKeyText()

  it('is found by a scanner, and passes its own check', () => {
    expect(`x = "${key}";`.match(SCANNER)).toEqual([key])
    expect(isKeyText(key)).toBe(true)
  })

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 1000 }, newKeyText)).size).toBe(1000)
  })

  it('shows eight characters', () => {
    expect(shownPrefix(key)).toHaveLength(8)
    expect(key.startsWith(shownPrefix(key))).toBe(true)
  })

  it('does not survive a slip in any place', () => {
    for (let at = 0; at < key.length; at++) {
      const other = key.charAt(at) === 'x' ? 'y' : 'x'
      expect(isKeyText(key.slice(0, at) + other + key.slice(at + 1))).toBe(false)
    }
  })

  it.each([
    '',
    'inc_',
    `${key} `,
    `${key}x`,
    key.slice(0, -1),
    key.toUpperCase(),
    `sk-${key}`,
    'x'.repeat(10_000),
  ])('is none: %s', (text) => {
    expect(isKeyText(text)).toBe(false)
  })
})
