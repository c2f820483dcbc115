import { expect, it } from 'vitest'
import { movedTo } from './use-category-edits.ts'

it('moves one and keeps the rest in order', () => {
  const abcd = ['a', 'b', 'c', 'd']
  expect(movedTo(abcd, 0, 2)).toEqual(['b', 'c', 'a', 'd'])
  expect(movedTo(abcd, 3, 0)).toEqual(['d', 'a', 'b', 'c'])
  expect(movedTo(abcd, 1, 1)).toEqual(abcd)
  expect(movedTo(abcd, 9, 0)).toEqual(abcd)
})
