import { expect, it } from 'vitest'
import type { GenerationPage, GenerationSummary } from '#lib/generations/schema.ts'
import { withNewest } from './with-newest.ts'

const page = (ids: string, next_cursor: string | null = null, running = ''): GenerationPage => ({
  items: Array.from(
    ids,
    (id) => ({ id, status: running.includes(id) ? 'running' : 'succeeded' }) as GenerationSummary,
  ),
  next_cursor,
})
const shown = (pages: GenerationPage[] | undefined) =>
  pages?.map(({ items, next_cursor: next }) => `${items.map(({ id }) => id).join('')} ${next}`)

it('puts what is new before what is known, each once, and goes on where the pages ended', () => {
  expect(shown(withNewest([page('fedc', 'c'), page('ba')], page('hgfe', 'e')))).toEqual([
    'hgfedc c',
    'ba null',
  ])
  // What it says now goes before what it said.
  const merged = withNewest([page('fed', 'd', 'f'), page('ba')], page('fed', 'd'))
  expect(merged?.[0]?.items[0]?.status).toBe('succeeded')
})

it('has all pages read when more than a page is new, or something below is not done', () => {
  expect(withNewest([page('cb', 'b'), page('a')], page('hgfed', 'd'))).toBeUndefined()
  expect(withNewest([page('fedc', 'c', 'c'), page('ba')], page('hgfe', 'e'))).toBeUndefined()
  expect(withNewest([page('fed', 'd'), page('ba', null, 'a')], page('hgfe', 'e'))).toBeUndefined()
  expect(withNewest([page('cb', 'b'), page('a')], page(''))).toBeUndefined()
})
