import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { threadMs } from '../../testing/time/processor-time.ts'
import { applyDiff, diffTexts, type TextDiff } from './diff.ts'

/** The diff in the usual short form; words that are the line's own stand in brackets. */
function shown(diff: TextDiff): string[] {
  return diff.hunks.flatMap((hunk) => [
    `@@ -${hunk.old_start},${hunk.old_count} +${hunk.new_start},${hunk.new_count} @@`,
    ...hunk.lines.map(({ kind, text, words }) => {
      const body = words
        ? words.map((word) => (word.kind === 'same' ? word.text : `[${word.text}]`)).join('')
        : text
      return `${kind === 'same' ? ' ' : kind === 'added' ? '+' : '-'}${body}`
    }),
  ])
}

describe('diffTexts', () => {
  it('shows changed lines with their words and three lines around', () => {
    const before = ['1', '2', '3', '4', 'the old text', '6', '7', '8', '9'].join('\n')
    const after = ['1', '2', '3', '4', 'the new text', '6', '7', '8', '9'].join('\n')
    const diff = diffTexts(before, after)
    expect(shown(diff)).toEqual([
      '@@ -2,7 +2,7 @@',
      ' 2',
      ' 3',
      ' 4',
      '-the [old] text',
      '+the [new] text',
      ' 6',
      ' 7',
      ' 8',
    ])
    expect([diff.added, diff.removed]).toEqual([1, 1])
    expect(diff.hunks[0]?.lines.map((line) => [line.old_line, line.new_line])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
      [5, null],
      [null, 5],
      [6, 6],
      [7, 7],
      [8, 8],
    ])
  })

  it('makes separate hunks of distant changes, and none of equal texts', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`)
    const changed = lines.with(2, 'x').with(25, 'y')
    expect(diffTexts(lines.join('\n'), changed.join('\n')).hunks).toHaveLength(2)
    expect(diffTexts(lines.join('\n'), changed.join('\n'), { context: Infinity }).hunks).toHaveLength(1)
    expect(diffTexts('a\nb', 'a\nb')).toEqual({ added: 0, removed: 0, hunks: [] })
  })

  it('tells a missing last line end', () => {
    expect(shown(diffTexts('a', 'a\n'))).toEqual(['@@ -1,1 +1,2 @@', ' a', '+'])
  })

  it('passes over lines that differ in white space alone, when asked to', () => {
    const diff = diffTexts('a\n  b c\nd', 'a\nb  c\nD', { ignoreSpace: true })
    expect(shown(diff)).toEqual(['@@ -1,3 +1,3 @@', ' a', ' b  c', '-d', '+D'])
    expect(diffTexts(' a', 'a ', { ignoreSpace: true }).hunks).toEqual([])
    expect(diffTexts('ab', 'a b', { ignoreSpace: true }).hunks).toHaveLength(1)
  })

  it('leaves words out when lines have nothing in common', () => {
    expect(diffTexts('abc', 'xyz').hunks[0]?.lines.every((line) => line.words === undefined)).toBe(true)
  })

  it('stays quick on texts that have nothing in common', () => {
    const text = (seed: number) =>
      Array.from({ length: 20_000 }, (_, index) => `${(index * seed) % 99_991} ${seed}`).join('\n')
    const [before, after] = [text(31), text(37)]
    let diff = diffTexts('', '')
    const took = threadMs(() => {
      diff = diffTexts(before, after)
    }, 1_000)
    expect(took).toBeLessThan(1_000)
    expect(applyDiff(before, diff)).toBe(after)
  })

  const line = fc.oneof(
    fc.constantFrom('', 'a', 'b', 'the same line', '{{ x }}'),
    fc.string({ maxLength: 12 }),
  )
  const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'))
  /** A text and what became of it by a few edits: closer to versions than two texts that differ wholly. */
  const pair = fc.oneof(
    fc.tuple(text, text),
    fc
      .tuple(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.array(line, { maxLength: 3 })), { maxLength: 4 }),
      )
      .map(([lines, edits]) => {
        const edited = [...lines]
        for (const [at, remove, insert] of edits) edited.splice(at % (edited.length + 1), remove, ...insert)
        return [lines.join('\n'), edited.join('\n')] as const
      }),
  )

  it('applied to the old text it gives the new one, with any context', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom(0, 1, 3, Infinity), ([before, after], context) => {
        const diff = diffTexts(before, after, { context })
        expect(applyDiff(before, diff)).toBe(after)
        expect(diff.hunks.length === 0).toBe(before === after)
      }),
      { numRuns: 500 },
    )
  })

  it('words make up their line', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        for (const { lines } of diffTexts(before, after).hunks) {
          for (const { text: whole, words, kind } of lines) {
            expect(words?.map((word) => word.text).join('') ?? whole).toBe(whole)
            expect(words?.every((word) => word.kind === 'same' || word.kind === kind) ?? true).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('does not apply to another text', () => {
    expect(applyDiff('other', diffTexts('a', 'b'))).toBeUndefined()
  })
})
