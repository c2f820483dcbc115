import { describe, expect, it } from 'vitest'
import { printBytes } from '#lib/text.ts'
import { formatLength, formatShare } from './format-system.ts'

describe('figures of the system', () => {
  it.each([
    [0, '0 s'],
    [59.6, '1 min'],
    [40, '40 s'],
    [3600, '1 h'],
    [3725, '1 h 2 min'],
    [200_000, '2 d 7 h'],
  ])('a length of %d s is %s', (seconds, text) => expect(formatLength(seconds)).toBe(text))

  it.each([
    [999, '999 B'],
    [1500, '1.5 kB'],
    [812_345_678, '812 MB'],
    [2_535_000_000, '2.5 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(printBytes(bytes)).toBe(text))

  it('a share is never rounded up to all', () => {
    expect(formatShare(999, 1)).toBe('99 %')
    expect(formatShare(0, 0)).toBeUndefined()
  })
})
