import { describe, expect, it } from 'vitest'
import { diffTexts } from '#lib/prompts/comparison/diff.ts'
import { type Fold, foldRows, pairLines } from './diff-rows.ts'

const linesOf = (before: string[], after: string[]) =>
  diffTexts(before.join('\n'), after.join('\n'), { context: Infinity }).hunks.flatMap(({ lines }) => lines)
const shown = (row: { older?: { text: string } | undefined; newer?: { text: string } | undefined }) =>
  `${row.older?.text ?? '·'}|${row.newer?.text ?? '·'}`

describe('pairLines', () => {
  it('puts the counterparts side by side, and leaves room where there is none', () => {
    const rows = pairLines(linesOf(['a', 'b', 'c', 'd'], ['a', 'B', 'd', 'e']))
    expect(rows.map(shown)).toEqual(['a|a', 'b|B', 'c|·', 'd|d', '·|e'])
  })

  it('keeps every line of both versions once and in order', () => {
    const [before, after] = [
      ['x', 'y', 'z', 'w'],
      ['y', 'q', 'w', 'x', 'z'],
    ]
    const rows = pairLines(linesOf(before, after))
    expect(rows.flatMap(({ older }) => older?.text ?? [])).toEqual(before)
    expect(rows.flatMap(({ newer }) => newer?.text ?? [])).toEqual(after)
  })
})

describe('foldRows', () => {
  const folded = (rows: (string | Fold<string>)[]) =>
    rows.map((row) => (typeof row === 'string' ? row : `[${row.rows.join('')}]`)).join('')
  const fold = (rows: string) => foldRows(Array.from(rows), (row) => row === row.toUpperCase())

  it('hides what is far from a change', () => {
    expect(folded(fold('abcdefghXabcdefghijklmYabcdefghij'))).toBe('[abcde]fghXabc[defghij]klmYabc[defghij]')
  })

  it('shows what would be hardly worth hiding', () => {
    expect(folded(fold('abcXabcdefghiYabc'))).toBe('abcXabcdefghiYabc')
  })

  it('tells folds apart by their place', () => {
    const places = fold('abcdefghXabcdefghijklm').flatMap((row) => (typeof row === 'string' ? [] : row.at))
    expect(places).toEqual([0, 12])
  })
})
