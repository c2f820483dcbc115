import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MergePiece, mergeLists, settled } from './merge.ts'

const lines = (text: string) => text.split(' ')
const merge = (base: string, mine: string, theirs: string) =>
  mergeLists(lines(base), lines(mine), lines(theirs))
const kinds = (pieces: MergePiece<string>[]) => pieces.map(({ kind }) => kind)
const merged = (pieces: MergePiece<string>[]) => {
  const settledPieces = pieces.map(settled)
  return settledPieces.includes(undefined) ? undefined : settledPieces.flatMap((piece) => piece ?? [])
}

describe('a merge of what two authors made of one text', () => {
  it('joins changes at different places', () => {
    expect(merged(merge('a b c d e', 'a B c d e', 'a b c D e'))).toEqual(lines('a B c D e'))
  })

  it('joins lines that one added and the other took out', () => {
    expect(merged(merge('a b c d e', 'new a b c d e', 'a b c e'))).toEqual(lines('new a b c e'))
  })

  it('takes a change that both made once', () => {
    const pieces = merge('a b c', 'a B c', 'a B c')
    expect(kinds(pieces)).toEqual(['same', 'both', 'same'])
    expect(merged(pieces)).toEqual(lines('a B c'))
  })

  it('leaves to choose what both changed in different ways', () => {
    expect(merge('a b c', 'a mine c', 'a theirs c')).toEqual([
      { kind: 'same', base: ['a'], mine: ['a'], theirs: ['a'] },
      { kind: 'conflict', base: ['b'], mine: ['mine'], theirs: ['theirs'] },
      { kind: 'same', base: ['c'], mine: ['c'], theirs: ['c'] },
    ])
  })

  it('takes changes that touch each other for overlapping', () => {
    expect(kinds(merge('a b c d', 'a B c d', 'a b C d'))).toEqual(['same', 'conflict', 'same'])
  })

  it('takes different lines at the same place for overlapping', () => {
    expect(kinds(merge('a b', 'a mine b', 'a theirs b'))).toEqual(['same', 'conflict', 'same'])
  })

  it('sees a deletion of what the other changed', () => {
    expect(kinds(merge('a b c', 'a c', 'a B c'))).toEqual(['same', 'conflict', 'same'])
  })

  it('treats texts that differ beyond all bounds as one change', () => {
    const many = (prefix: string) => Array.from({ length: 1_500 }, (_, index) => `${prefix}${index}`)
    expect(mergeLists(many('a'), many('b'), many('c')).map(({ kind }) => kind)).toEqual(['conflict'])
  })
})

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })

describe('for all texts', () => {
  it('the pieces make up the three texts', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const pieces = mergeLists(base, mine, theirs)
        expect(pieces.flatMap((piece) => piece.base)).toEqual(base)
        expect(pieces.flatMap((piece) => piece.mine)).toEqual(mine)
        expect(pieces.flatMap((piece) => piece.theirs)).toEqual(theirs)
      }),
    )
  })

  it('a side that changed nothing leaves the other as it is', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(merged(mergeLists(base, changed, base))).toEqual(changed)
        expect(merged(mergeLists(base, base, changed))).toEqual(changed)
      }),
    )
  })

  it('the same change on both sides is no conflict', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(merged(mergeLists(base, changed, changed))).toEqual(changed)
      }),
    )
  })

  it('the sides can be exchanged', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const swapped = { same: 'same', mine: 'theirs', theirs: 'mine', both: 'both', conflict: 'conflict' }
        expect(mergeLists(base, theirs, mine).map(({ kind }) => swapped[kind])).toEqual(
          mergeLists(base, mine, theirs).map(({ kind }) => kind),
        )
      }),
    )
  })

  it('nothing of either side is lost where both changed something', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const pieces = mergeLists(base, mine, theirs)
        const other = pieces.map((piece) => (piece.kind === 'mine' ? piece.theirs : piece.mine))
        const oneSided = pieces.map(({ kind }) => kind === 'mine' || kind === 'theirs')
        expect(other.filter((_, at) => oneSided[at])).toEqual(
          pieces.filter((_, at) => oneSided[at]).map((piece) => piece.base),
        )
      }),
    )
  })
})
