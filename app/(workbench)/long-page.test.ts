import { describe, expect, it } from 'vitest'
import { fittingPage, isLong } from './long-page.ts'

describe('what fits on a page', () => {
  it.each([
    ['a long text', 'x'.repeat(60_000), false],
    ['the longest', 'x'.repeat(262_144), true],
    ['short lines', 'x\n'.repeat(14_000), true],
    ['what is written as entities', '"'.repeat(50_000), true],
    ['many coloured words', `{{ ${'a.b'.repeat(12_000)} }}`, true],
    ['many marks', '{{a}}'.repeat(4_000), true],
    ['many small values', Array.from({ length: 40_000 }, (_, index) => index), true],
    ['nested values', { a: [{ b: new Map([['c', 'x'.repeat(262_144)]]) }] }, true],
  ])('%s', (_name, data, expected) => {
    expect(isLong(data)).toBe(expected)
  })

  it('a list gets as many items as there is room for, and asks once more at most', async () => {
    const asked: number[] = []
    const read = (description: string) => (limit: number) => {
      asked.push(limit)
      return Promise.resolve({
        items: Array.from({ length: limit }, () => ({ description })),
        next_cursor: null,
      })
    }
    expect((await fittingPage(50, read('short'))).items).toHaveLength(50)
    expect((await fittingPage(50, read('<'.repeat(4_000)))).items).toHaveLength(6)
    expect((await fittingPage(50, read('x'.repeat(1_000_000)))).items).toHaveLength(1)
    expect(asked).toEqual([50, 50, 6, 50, 1])
  })
})
