import { describe, expect, it } from 'vitest'
import { extendTo, NONE_SELECTED, toggle } from './use-selection.ts'

const ORDER = ['a', 'b', 'c', 'd', 'e']
const list = ({ names }: { names: ReadonlySet<string> }) => [...names].sort()

describe('the selection', () => {
  it('takes a row in and out', () => {
    const one = toggle(NONE_SELECTED, 'b')
    expect(list(one)).toEqual(['b'])
    expect(list(toggle(one, 'b'))).toEqual([])
  })

  it('reaches from the anchor to a row, in both directions, and keeps the rest', () => {
    const start = toggle(toggle(NONE_SELECTED, 'e'), 'c')
    expect(list(extendTo(start, 'a', ORDER))).toEqual(['a', 'b', 'c', 'e'])
    expect(list(extendTo(toggle(NONE_SELECTED, 'b'), 'd', ORDER))).toEqual(['b', 'c', 'd'])
  })

  it('begins at the row itself without an anchor, or when the anchor is gone', () => {
    expect(list(extendTo(NONE_SELECTED, 'c', ORDER))).toEqual(['c'])
    expect(extendTo({ names: new Set(['x']), anchor: 'x' }, 'c', ORDER)).toEqual({
      names: new Set(['x', 'c']),
      anchor: 'c',
    })
  })
})
