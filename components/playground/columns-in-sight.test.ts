import { expect, it } from 'vitest'
import { columnsInSight, inSightWords } from './columns-in-sight.ts'

const columns = Array.from({ length: 6 }, (_, index) => ({ left: index * 216, right: index * 216 + 200 }))
const box = (left: number, width: number) => ({ left, right: left + width })
const words = (left: number, width: number) =>
  inSightWords(columnsInSight(columns, box(left, width)), columns.length)

it('says which columns can be read, and at which side there is more', () => {
  expect(words(0, 700)).toBe('1–3 of 6')
  expect(columnsInSight(columns, box(0, 700))).toMatchObject({ hasMoreLeft: false, hasMoreRight: true })
  expect(words(300, 700)).toBe('3–4 of 6')
  expect(columnsInSight(columns, box(300, 700))).toMatchObject({ hasMoreLeft: true, hasMoreRight: true })
  expect(words(580, 700)).toBe('4–6 of 6')
  expect(columnsInSight(columns, box(580, 700))).toMatchObject({ hasMoreLeft: true, hasMoreRight: false })
  expect(words(432, 210)).toBe('3 of 6')
  expect(words(100, 150)).toBe('1 of 6')
})

it('says nothing where all fit, or where they stand one below the other', () => {
  expect(words(0, 1280)).toBeUndefined()
  expect(columnsInSight(columns, box(0, 1280))).toMatchObject({ hasMoreLeft: false, hasMoreRight: false })
  const below = [box(0, 300), box(0, 300)]
  expect(inSightWords(columnsInSight(below, box(0, 300)), 2)).toBeUndefined()
  expect(inSightWords(columnsInSight([], box(0, 300)), 0)).toBeUndefined()
})
