import { describe, expect, it } from 'vitest'
import type { PromptSummary } from '#lib/prompts/schema.ts'
import type { ListQuery } from './filters.ts'
import { editPages, fitsList } from './list-cache.ts'

const prompt = (name: string, facts: Partial<PromptSummary> = {}): PromptSummary => ({
  id: name,
  name,
  title: '',
  description: '',
  kind: 'text',
  category: 'data',
  tags: ['a'],
  aliases: [],
  archived: false,
  labels: [{ label: 'production', version: 1, updated_at: '2026-01-01T00:00:00.000Z' }],
  latest_version: 1,
  variables: [],
  publish: { prompt: true, tool: false, skill: false },
  etag: '"1"',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  ...facts,
})
const query = (facts: Partial<ListQuery> = {}): ListQuery => ({ sort: 'name', ...facts })
const pagesOf = (...items: PromptSummary[]) => ({
  pages: [{ items, next_cursor: null }],
  pageParams: [null],
})
const namesIn = (pages: ReturnType<typeof editPages>) =>
  pages.pages.flatMap(({ items }) => items.map(({ name }) => name))

describe('whether a prompt fits a list', () => {
  it('depends on archive, category, tag and label', () => {
    expect(fitsList(prompt('x'), query())).toBe(true)
    expect(fitsList(prompt('x', { archived: true }), query())).toBe(false)
    expect(fitsList(prompt('x', { archived: true }), query({ archived: 'true' }))).toBe(true)
    expect(fitsList(prompt('x'), query({ category: 'data' }))).toBe(true)
    expect(fitsList(prompt('x'), query({ category: 'none' }))).toBe(false)
    expect(fitsList(prompt('x', { category: null }), query({ category: 'none' }))).toBe(true)
    expect(fitsList(prompt('x'), query({ tag: 'b' }))).toBe(false)
    expect(fitsList(prompt('x'), query({ label: 'production' }))).toBe(true)
    expect(fitsList(prompt('x'), query({ label: 'staging' }))).toBe(false)
  })
})

describe('an edit of a list', () => {
  const archive = (each: PromptSummary) => ({ ...each, archived: true })

  it('leaves out what no longer fits, and nothing else', () => {
    const pages = pagesOf(prompt('x'), prompt('y'), prompt('z'))
    expect(namesIn(editPages(pages, query(), new Set(['y']), archive))).toEqual(['x', 'z'])
    expect(namesIn(pages)).toEqual(['x', 'y', 'z'])
  })

  it('keeps the place of what still fits', () => {
    const move = (each: PromptSummary) => ({ ...each, category: 'code' })
    const edited = editPages(pagesOf(prompt('x'), prompt('y')), query(), new Set(['x']), move)
    expect(edited.pages[0]?.items.map(({ category }) => category)).toEqual(['code', 'data'])
  })
})
