import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conflictLine, mergeTexts, unifiedDiff } from './merge-texts.ts'

const NAMES = { ours: 'ours', theirs: 'theirs' }
const merge = (base: string, ours: string, theirs: string) => mergeTexts(base, ours, theirs, NAMES)

describe('a merge of three texts', () => {
  it('takes what one side changed, and what both changed alike', () => {
    expect(merge('a\nb\nc\nd\ne', 'A\nb\nc\nd\ne', 'a\nb\nc\nd\nE')).toEqual({
      text: 'A\nb\nc\nd\nE',
      conflicts: 0,
    })
    expect(merge('a\nb', 'x\nb', 'x\nb')).toEqual({ text: 'x\nb', conflicts: 0 })
  })

  it('leaves both between markers where both changed the same lines', () => {
    const { text, conflicts } = merge('a\nb\nc', 'a\nmine\nc', 'a\ntheirs\nc')
    expect(conflicts).toBe(1)
    expect(text).toBe('a\n<<<<<<< ours\nmine\n=======\ntheirs\n>>>>>>> theirs\nc')
    expect(conflictLine(text)).toBe(2)
  })

  it('of a side that changed nothing is the other side, whatever the texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '', '---', '=======')).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(merge(base, base, other)).toEqual({ text: other, conflicts: 0 })
        expect(merge(base, other, base)).toEqual({ text: other, conflicts: 0 })
      }),
    )
  })
})

describe('conflict markers', () => {
  it.each([
    ['a heading of setext', 'Title\n=======\n'],
    ['a marker without its end', '<<<<<<< ours\ntext\n'],
    ['markers in the wrong order', '>>>>>>> theirs\n=======\n<<<<<<< ours\n'],
  ])('are not %s', (_, text) => expect(conflictLine(text)).toBeUndefined())
})

it('a difference is told as diff does, with names, and nothing for equal texts', () => {
  expect(unifiedDiff('same', 'same', { before: 'a', after: 'b' })).toEqual([])
  expect(unifiedDiff('a\nb\n', 'a\nc\n', { before: 'old', after: 'new' })).toEqual([
    '--- old',
    '+++ new',
    '@@ -1,2 +1,2 @@',
    ' a',
    '-b',
    '+c',
  ])
})
