import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { newId } from '../../id.ts'
import { makeColleague, makePrompt } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { pendingUse } from '../../testing/usage.ts'
import { bucketOf } from '../histogram.ts'
import type { PendingUsage } from './record.ts'
import { writeUsage } from './write-usage.ts'

/* What the roll-ups say is what a recount of the single uses says, however batches were written. */

const START = Date.parse('2026-03-28T22:30:00Z')
const RUNS = 40

let app: TestRuntime
let pool: Pool
let actors: Actor[]
let prompts: (string | null)[]

beforeAll(async () => {
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000, usage_variable_sets: 3 } })
  pool = app.runtime.database.primary.pool
  actors = [app.actor(), await makeColleague(app.actor(), 'A colleague')]
  const ids = [
    await makePrompt(app.actor(), { name: 'alpha' }),
    await makePrompt(app.actor(), { name: 'beta' }),
  ]
  prompts = [...ids.map(({ id }) => id), null]
})
afterAll(() => app.close())

const REASONS = fc
  .uniqueArray(
    fc.record({
      code: fc.constantFrom('missing', 'wrong', 'not_found'),
      variable: fc.constantFrom('tone', 'who', undefined),
    }),
    { minLength: 1, maxLength: 3, selector: ({ code, variable }) => `${code} ${variable}` },
  )
  .map((reasons) => JSON.stringify(reasons))

const EVENT = fc.record({
  minutes: fc.integer({ min: 0, max: 3000 }),
  who: fc.integer({ min: 0, max: 1 }),
  prompt: fc.integer({ min: 0, max: 2 }),
  version_number: fc.constantFrom(1, 2, null),
  label: fc.constantFrom('production', 'staging', null),
  operation: fc.constantFrom('get' as const, 'render' as const, 'tool' as const),
  surface: fc.constantFrom('mcp' as const, 'rest' as const),
  client_name: fc.constantFrom('editor', '', null),
  reasons: fc.option(REASONS),
  asked: fc.constantFrom('alpha', 'nobody@staging', null),
  variables: fc.constantFrom('tone,who', 'tone', 'who', '', null),
  duration_us: fc.integer({ min: 0, max: 100_000 }),
})

/** How a batch reaches the database: whole, again, in halves, or in halves after all of it was there. */
const WAYS = [
  (batch: PendingUsage[]) => [batch],
  (batch: PendingUsage[]) => [batch, batch],
  (batch: PendingUsage[]) => halves(batch),
  (batch: PendingUsage[]) => [batch.slice(0, 1), batch, ...halves(batch)],
]
const halves = (batch: PendingUsage[]) => [batch.slice(0, batch.length >> 1), batch.slice(batch.length >> 1)]

const BATCHES = fc.array(
  fc.tuple(fc.array(EVENT, { minLength: 1, maxLength: 40 }), fc.nat({ max: WAYS.length - 1 })),
  { minLength: 1, maxLength: 4 },
)

type Row = Record<string, unknown>

it('counts each single use once, for each of its reasons and for who it was', async () => {
  await fc.assert(
    fc.asyncProperty(BATCHES, async (batches) => {
      await pool.query('DELETE FROM prompt_usage; DELETE FROM usage_hour')
      await pool.query('DELETE FROM usage_failure_hour; DELETE FROM usage_caller_day')
      const written = batches.map(([events, way]) => ({ batch: events.map(eventOf), way }))
      await Promise.all(
        written.map(async ({ batch, way }) => {
          for (const part of WAYS[way]?.(batch) ?? []) await writeUsage(pool, part)
        }),
      )
      const uses = await rows('SELECT * FROM prompt_usage WHERE workspace_id = $1')
      expect(uses.length).toBe(written.flatMap(({ batch }) => batch).length)
      expect(await rolledUp('usage_hour', HOUR)).toEqual(recount(uses.map(hourOf), HOUR))
      expect(await rolledUp('usage_failure_hour', FAILURE)).toEqual(
        recount(uses.flatMap(failuresOf), FAILURE),
      )
      expect(await rolledUp('usage_caller_day', CALLER)).toEqual(recount(uses.map(callerOf), CALLER))
    }),
    { numRuns: RUNS },
  )
})

function eventOf(drawn: typeof EVENT extends fc.Arbitrary<infer Drawn> ? Drawn : never): PendingUsage {
  const { minutes, who, prompt, reasons, ...rest } = drawn
  return pendingUse(actors[who] ?? app.actor(), {
    ...rest,
    id: newId(),
    occurred_at: START + minutes * 60_000,
    prompt_id: prompts[prompt] ?? null,
    reasons,
    outcome: reasons === null ? 'ok' : 'unprocessable',
    request_id: reasons === null ? null : newId(),
  })
}

async function rows(text: string): Promise<Row[]> {
  return (await pool.query<Row>(text, [app.identity.workspaceId])).rows
}

/** The columns of a roll-up: what it groups by, what it adds up, and the times that it keeps the ends of. */
interface Shape {
  keys: string[]
  sums: string[]
  times: string[]
}

const WAY = ['prompt_id', 'version_number', 'label', 'surface', 'client_name']
const HOUR: Shape = {
  keys: ['hour', 'operation', ...WAY],
  sums: ['total', 'failed', 'duration_us', 'buckets'],
  times: ['last_at'],
}
const FAILURE: Shape = {
  keys: ['hour', 'actor_id', 'code', 'variable', 'asked', ...WAY],
  sums: ['total'],
  times: ['first_at', 'last_at'],
}
const CALLER: Shape = {
  keys: ['hour', 'actor_id', 'variables', ...WAY],
  sums: ['gets', 'renders', 'tool_calls', 'failed'],
  times: ['last_at'],
}

const startOf = (ms: number, time: unknown) => new Date(Math.floor(Number(time) / ms) * ms)
const HOUR_MS = 3_600_000
const isFailed = (use: Row) => Number(use.outcome !== 'ok')

/** Each use as a roll-up that holds nothing else. `buckets` adds up what a histogram says: the sum of all bounds. */
function hourOf(use: Row): Row {
  const buckets = bucketOf(Number(use.duration_us))
  return {
    ...use,
    hour: startOf(HOUR_MS, use.occurred_at),
    total: 1,
    failed: isFailed(use),
    buckets,
    last_at: use.occurred_at,
  }
}

function failuresOf(use: Row): Row[] {
  const reasons = (use.reasons ?? []) as { code: string; variable?: string }[]
  return reasons.map(({ code, variable = null }) => ({
    ...use,
    code,
    variable,
    hour: startOf(HOUR_MS, use.occurred_at),
    total: 1,
    first_at: use.occurred_at,
    last_at: use.occurred_at,
  }))
}

function callerOf(use: Row): Row {
  const { operation } = use
  return {
    ...use,
    hour: startOf(24 * HOUR_MS, use.occurred_at),
    gets: Number(operation === 'get'),
    renders: Number(operation === 'render'),
    tool_calls: Number(operation === 'tool'),
    failed: isFailed(use),
    last_at: use.occurred_at,
  }
}

function recount(uses: Row[], { keys, sums, times }: Shape): string[] {
  const groups = Map.groupBy(uses, (use) => JSON.stringify(keys.map((key) => use[key])))
  const lines = [...groups].map(([key, group]) => {
    const added = sums.map((name) => group.reduce((sum, use) => sum + Number(use[name]), 0))
    const ends = times.map((name) => {
      const all = group.map((use) => Number(use[name]))
      return name === 'first_at' ? Math.min(...all) : Math.max(...all)
    })
    return JSON.stringify([key, added, ends])
  })
  return lines.toSorted()
}

const BUCKETS = `(SELECT sum(n * c) FROM unnest(bucket_numbers, bucket_counts) AS held (n, c)) AS buckets`

/** A roll-up's rows in the form of a recount; a group that is there twice is two rows. */
async function rolledUp(table: string, { keys, sums, times }: Shape): Promise<string[]> {
  const buckets = sums.includes('buckets') ? `, ${BUCKETS}` : ''
  const found = await rows(`SELECT *${buckets} FROM ${table} WHERE workspace_id = $1`)
  const lines = found.map((row) =>
    JSON.stringify([
      JSON.stringify(keys.map((key) => row[key])),
      sums.map((name) => Number(row[name])),
      times.map((name) => Number(row[name])),
    ]),
  )
  return lines.toSorted()
}
