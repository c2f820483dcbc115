import { expect, it } from 'vitest'
import { readTagNames } from './categories-and-tags.tsx'

it('reads tags between commas, in lower case', () => {
  expect(readTagNames(' Code review,  api ,,two  words')).toEqual({
    tags: ['code review', 'api', 'two words'],
    wrong: [],
  })
})

it('tells which cannot be tags', () => {
  expect(readTagNames('ok, C#, Ä, <no>')).toEqual({ tags: ['ok', 'c#', 'ä'], wrong: ['<no>'] })
  expect(readTagNames('x'.repeat(51)).wrong).toHaveLength(1)
})
