import { describe, expect, it } from 'vitest'
import type { Use, UsesPage } from '#lib/usage/use-schema.ts'
import { type AskSince, mergeUses, readSince } from './follow-uses.ts'

const use = (n: number): Use => ({
  id: `id-${String(n).padStart(6, '0')}`,
  occurred_at: new Date(n).toISOString(),
  operation: 'render',
  tool: null,
  prompt: null,
  version: null,
  label: null,
  asked: null,
  surface: 'mcp',
  client: null,
  client_version: null,
  actor: { id: 'a', kind: 'person', display: 'Ann' },
  outcome: 'ok',
  reasons: [],
  variables: null,
  values: null,
  duration_ms: 1,
  request_id: null,
})
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

/** Answers with pages of uses, newest first; a cursor is how many were told. */
function server(written: number[]): { ask: AskSince; asked: string[] } {
  const asked: string[] = []
  const newest = written.toSorted((a, b) => b - a).map(use)
  const ask: AskSince = async ({ after, cursor, limit }) => {
    asked.push(`${after} ${cursor ?? ''}`.trim())
    const start = Number(cursor ?? 0)
    const more = start + limit < newest.length
    const page: UsesPage = {
      items: newest.slice(start, start + limit),
      next_cursor: more ? String(start + limit) : null,
      tail: `t${asked.length}`,
    }
    return page
  }
  return { ask, asked }
}

describe('a live list', () => {
  it('reads every page of what came, and goes on from the first of them', async () => {
    const { ask, asked } = server(numbers(0, 450))
    const fresh = await readSince(ask, { items: [], tail: 't0' })
    expect(fresh?.items).toHaveLength(450)
    expect(fresh?.tail).toBe('t1')
    expect(asked).toEqual(['t0', 't0 200', 't0 400'])
  })

  it('keeps what it had, and what comes again once', async () => {
    const before = { items: [use(1), use(2)], tail: 't0' }
    const fresh = await readSince(server([2, 3]).ask, before)
    expect(fresh?.items.map(({ id }) => id).toSorted()).toEqual([1, 2, 3].map((n) => use(n).id))
  })

  it('says when more came than it keeps, without reading all of it', async () => {
    const { ask, asked } = server(numbers(0, 5000))
    expect(await readSince(ask, { items: [], tail: 't0' })).toBeUndefined()
    expect(asked.length).toBeLessThan(8)
  })

  it('puts what was written late in its place', () => {
    const told = mergeUses([use(7), use(4)], [6, 5, 3].map(use))
    expect(told.map(({ id }) => id)).toEqual([7, 6, 5, 4, 3].map((n) => use(n).id))
    expect(mergeUses([use(5)], [use(5)])).toHaveLength(1)
  })
})
