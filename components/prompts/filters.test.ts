import { describe, expect, it } from 'vitest'
import { effectiveSort, isNarrowed, listHref, readFilters, toListQuery } from './filters.ts'

describe('the filters in the URL', () => {
  it('are read back as they were written', () => {
    const filters = readFilters(new URLSearchParams('q=two+words&category=data&tag=code&sort=-updated_at'))
    expect(listHref(filters)).toBe('/prompts?q=two+words&category=data&tag=code&sort=-updated_at')
  })

  it('count as absent when they cannot be right', () => {
    const filters = readFilters(new URLSearchParams('category=../x&tag=%00&sort=evil&archived=maybe&q='))
    expect(isNarrowed(filters)).toBe(false)
    expect(toListQuery(filters)).toEqual({ sort: 'name' })
  })

  it('cut a search that is too long', () => {
    expect(readFilters(new URLSearchParams({ q: 'x'.repeat(900) })).q).toHaveLength(200)
  })
})

describe('the sort', () => {
  const none = readFilters(new URLSearchParams())

  it('is the best match while somebody searches, else the name', () => {
    expect(effectiveSort(none)).toBe('name')
    expect(effectiveSort({ ...none, q: 'data' })).toBe('relevance')
    expect(effectiveSort({ ...none, q: 'data', sort: 'name' })).toBe('name')
  })

  it('by match falls back to the name without a search', () => {
    expect(effectiveSort({ ...none, sort: 'relevance' })).toBe('name')
    expect(toListQuery({ ...none, q: '   ', sort: 'relevance' })).toEqual({ sort: 'name' })
  })
})
