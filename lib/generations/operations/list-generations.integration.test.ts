import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfiguration } from '../../ai/operations/create-configuration.ts'
import { setJobSender } from '../../jobs.ts'
import { makePrompt } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { type GenerationSummary, type ListGenerationsQuery } from '../schema.ts'
import { GENERATION_SORTS } from '../status.ts'
import { SEARCHED_ROWS } from '../store/list-statement.ts'
import { listGenerations } from './list-generations.ts'
import { requestGeneration } from './request-generation.ts'

/** Beside one that has no figures yet; many of them share a moment, a latency and a cost. */
const FINISHED = 120
let app: TestRuntime

beforeAll(async () => {
  app = await testRuntime()
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(app.actor(), { name: 'listed' })
  await createConfiguration(app.actor(), { name: 'quick', provider: 'echo', model: 'echo-fast' })
  const { id } = await requestGeneration(app.actor(), { prompt: 'listed', variables: { who: 'Ada' } })
  await copies(id, FINISHED, "'2026-01-01T00:00:00Z'::timestamptz + (i / 3) * interval '1 second'")
})
afterAll(() => app.close())

/** Copies of a generation; @param at SQL of the moment of the i-th */
async function copies(id: string, count: number, at: string, text = "'answer ' || i"): Promise<void> {
  await app.runtime.database.primary.pool.query(
    `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables, messages,
       configuration_id, configuration, queue, status, text, created_by, created_at, finished_at, latency_ms,
       first_token_ms, cost, output_tokens, error_message, started_at)
     SELECT gen_random_uuid(), workspace_id, prompt_id, version_number, label, checksum, variables, messages,
       configuration_id, configuration, queue, 'succeeded', ${text}, created_by, ${at}, now(), i % 7 * 100 + 50, i % 5,
       i % 11 * 0.0000125, i % 13, CASE WHEN i = 5 THEN 'quota of 100% reached' END,
       ${at} + i % 17 * interval '7 milliseconds'
     FROM generated_content, generate_series(1, ${count}) i WHERE id = $1`,
    [id],
  )
}

async function all(query: ListGenerationsQuery): Promise<{ items: GenerationSummary[]; pages: number }> {
  const items: GenerationSummary[] = []
  let cursor: string | undefined
  let pages = 0
  do {
    const page = await listGenerations(app.actor(), { limit: 7, ...query, cursor })
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
    pages += 1
  } while (cursor !== undefined)
  return { items, pages }
}

const figureOf = (item: GenerationSummary, sort: string) => {
  const value = item[sort.replace('-', '') as 'latency_ms']
  return typeof value === 'number' ? value : Date.parse(String(value))
}

describe('listGenerations', () => {
  it.each(GENERATION_SORTS)('sorted by %s comes whole over its pages, each once, in order', async (sort) => {
    const { items } = await all({ sort })
    // What waits has no figures yet.
    expect(items).toHaveLength(sort.endsWith('created_at') ? FINISHED + 1 : FINISHED)
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    const figures = items.map((item) => figureOf(item, sort))
    expect(figures).toEqual(figures.toSorted((a, b) => (sort.startsWith('-') ? b - a : a - b)))
  })

  it('holds what was asked for from one moment on and before another', async () => {
    const { items } = await all({ from: '2026-01-01T00:00:10Z', to: '2026-01-01T01:00:12+01:00' })
    expect(items).toHaveLength(6)
    expect(items.at(-1)?.created_at).toBe('2026-01-01T00:00:10.000Z')
    expect(items[0]?.created_at).toBe('2026-01-01T00:00:11.000Z')
  })

  it.each([
    ['answer 17', 1],
    ['ANSWER 1', 32],
    ['100%', 1],
    ['%', 1],
    ['answer_1', 0],
    ['echo-fast', FINISHED + 1],
    ['listed', FINISHED + 1],
    ['  ', FINISHED + 1],
  ])('finds %j in %i generations', async (q, count) => {
    expect((await all({ q })).items).toHaveLength(count)
    expect((await all({ q, sort: 'latency_ms' })).items).toHaveLength(Math.min(count, FINISHED))
  })

  it('goes on where a search has looked so far', async () => {
    const [first] = (await all({ q: 'answer 119' })).items
    const before = "'2025-01-01T00:00:00Z'::timestamptz - i * interval '1 second'"
    await copies(
      first?.id ?? '',
      SEARCHED_ROWS + 500,
      before,
      "CASE WHEN i > 2400 THEN 'needle' ELSE 'hay' END",
    )
    const { items, pages } = await all({ q: 'needle', limit: 50 })
    expect(items).toHaveLength(100)
    expect(pages).toBe(3)
    expect((await all({ q: 'nowhere' })).pages).toBe(2)
  })

  it('refuses a range that ends before it begins, and a cursor of another sort or search', async () => {
    const bad = await refusal(
      listGenerations(app.actor(), { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }),
    )
    expect(bad).toMatchObject({ code: 'invalid_input', details: [{ path: ['from'] }] })
    const { next_cursor } = await listGenerations(app.actor(), { limit: 3, sort: '-cost' })
    for (const query of [{}, { sort: 'cost' as const }, { sort: '-cost' as const, q: 'a' }]) {
      const refused = await refusal(
        listGenerations(app.actor(), { limit: 3, ...query, cursor: next_cursor ?? '' }),
      )
      expect(refused).toMatchObject({ code: 'invalid_input', details: [{ code: 'invalid_cursor' }] })
    }
  })
})
