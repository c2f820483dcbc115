import { describe, expect, it } from 'vitest'
import { threadMs } from '../../testing/time/processor-time.ts'
import { beginningOf, printedLength } from '../content/printed.ts'
import { cutDiffs, ON_A_PAGE } from './cut.ts'
import { diffTexts, type TextDiff } from './diff.ts'
import { type ComparedVersion, compareVersions } from './version-diff.ts'

const version = (template_content: string): ComparedVersion => ({
  title: null,
  description: null,
  content: { kind: 'text', template_content },
  variables: [],
  config: {},
  publish: {},
})
const letters = (count: number, step: number) =>
  Array.from({ length: count }, (_, index) => String.fromCharCode(97 + ((index * step) % 26))).join('\n')
const rowsOf = (fields: readonly TextDiff[]) =>
  fields.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines)).length

describe('a comparison that is cut', () => {
  it('is the whole one while it fits', () => {
    const diff = diffTexts('a\nb\nc', 'a\nB\nc', { context: Infinity })
    expect(cutDiffs([diff], { rows: 4, size: 100 })).toEqual({ fields: [diff], left_out: 0 })
  })

  it('gives up unchanged lines before changed ones', () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index}`)
    const diff = diffTexts(lines.join('\n'), lines.with(1_500, 'other').join('\n'), { context: Infinity })
    const { fields, left_out } = cutDiffs([diff], ON_A_PAGE)
    expect(left_out).toBe(0)
    expect(fields[0]?.hunks[0]).toMatchObject({ old_start: 1_498, old_count: 7, new_count: 7 })
  })

  it('has at most so many lines, counts the others, and tells the counts of the whole', () => {
    const { fields, left_out } = compareVersions(version(letters(3_000, 5)), version(letters(3_000, 7)), {
      rows: 100,
      size: Number.POSITIVE_INFINITY,
    })
    const [field] = fields
    expect(rowsOf(fields)).toBe(100)
    expect(left_out).toBeGreaterThanOrEqual((field?.added ?? 0) + (field?.removed ?? 0) - 100)
    for (const { lines, old_count, new_count } of field?.hunks ?? []) {
      expect(old_count).toBe(lines.filter(({ old_line }) => old_line !== null).length)
      expect(new_count).toBe(lines.filter(({ new_line }) => new_line !== null).length)
    }
  })

  it('shows the beginning of a line that is longer than all that fits', () => {
    const { fields, left_out } = compareVersions(version('x'.repeat(90_000)), version('<'.repeat(90_000)), {
      ...ON_A_PAGE,
    })
    const [first, ...more] = fields[0]?.hunks[0]?.lines ?? []
    expect([first?.text.length, more.length, left_out]).toEqual([60_001, 0, 2])
  })

  it('never tears a character apart', () => {
    expect(beginningOf('a\u{1F600}b', 5)).toBe('a')
    expect(beginningOf('a\u{1F600}b', 7)).toBe('a\u{1F600}')
    expect(printedLength('<a€')).toBe(10)
  })
})

describe('texts that are made to be hard to compare', () => {
  const HARD: [string, string, string][] = [
    ['45,000 lines of one letter', letters(45_000, 5), letters(45_000, 7)],
    ['a line of a million characters', 'x y'.repeat(350_000), 'y x'.repeat(350_000)],
    ['random lines', letters(14_000, 5).replace(/\w/g, (a) => `${a}1`), letters(14_000, 7)],
    ['300,000 empty lines', '\n'.repeat(300_000), `${'\n'.repeat(299_000)}a`],
    ['white space alone', `${' '.repeat(250)}a\n`.repeat(2_000), `a${' '.repeat(250)}\n`.repeat(2_000)],
  ]
  it.each(HARD)('%s: the same answer every time, within a second', (_name, before, after) => {
    const compare = () =>
      compareVersions(version(before), version(after), { ...ON_A_PAGE, context: Infinity, ignoreSpace: true })
    let first: unknown
    expect(threadMs(() => (first = compare()), 1_000)).toBeLessThan(1_000)
    expect(compare()).toEqual(first)
  })
})
