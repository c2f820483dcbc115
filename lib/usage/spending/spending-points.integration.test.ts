import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { createConfiguration } from '../../ai/operations/create-configuration.ts'
import { newId } from '../../id.ts'
import { createVersion } from '../../prompts/operations/create-version.ts'
import { readDownload } from '../../testing/download.ts'
import { makePrompt } from '../../testing/factories.ts'
import { refusal } from '../../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { exportSpending } from '../operations/export-spending.ts'
import { getSpending } from '../operations/get-spending.ts'
import { getStats } from '../operations/get-stats.ts'
import { getTimeseries } from '../operations/get-timeseries.ts'
import { countSpending } from './count-spending.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let app: TestRuntime
let actor: Actor
let promptId: string
let configurationId: string

beforeAll(async () => {
  app = await testRuntime({ limits: { timeseries_points: 400 } })
  actor = app.actor()
  promptId = (await makePrompt(actor, { name: 'greeting' })).id
  const quotas = { monthly_cost_quota: 50, monthly_token_quota: 1_000_000 }
  configurationId = (
    await createConfiguration(app.actor(), { name: 'writer', provider: 'echo', model: 'echo', ...quotas })
  ).id
})
afterAll(() => app.close())

const sql = (text: string, values: unknown[] = []) => app.runtime.database.primary.pool.query(text, values)

/** Generations that were answered at these times, for a dollar and 100 tokens each. */
async function spend(
  times: readonly Date[],
  { version = 1, cost = 1, client = 'editor' } = {},
): Promise<void> {
  const ids = times.map(newId)
  await sql(
    `WITH spent AS (
       INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables, messages,
         configuration_id, configuration, queue, status, client_name, created_by, created_at, started_at, finished_at)
       SELECT id, $3, $4, $5, 'production', repeat('0', 64), '{}', '[]', $6, '{"name":"writer"}', 'interactive', 'succeeded',
         $8, $9, at - interval '2 seconds', at - interval '1 second', at
       FROM unnest($1::uuid[], $2::timestamptz[]) AS each (id, at)
     )
     INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, configuration_name,
       provider, model, status, input_tokens, output_tokens, cost, latency_ms, first_token_ms, started_at, finished_at, settled_at)
     SELECT gen_random_uuid(), $3, id, 1, $6, 'writer', 'echo', 'echo', 'succeeded', 60, 40, $7, 800, 200, at, at, at
     FROM unnest($1::uuid[], $2::timestamptz[]) AS each (id, at)`,
    [ids, times, actor.workspaceId, promptId, version, configurationId, cost, client, actor.id],
  )
}

const hours = (from: string, count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(from) + n * HOUR_MS))

const local = (time: string, zone: string) =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(new Date(time))

describe('points in a time zone', () => {
  // One generation in each hour of UTC, around both changes of clocks.
  const SPRING = '2025-03-28T00:00:00Z'
  const AUTUMN = '2025-10-24T00:00:00Z'
  const COUNT = 4 * 24
  beforeAll(async () => {
    await spend([...hours(SPRING, COUNT), ...hours(AUTUMN, COUNT)])
    await spend(hours('2025-04-04T00:00:00Z', COUNT))
    await spend(hours('2025-10-03T00:00:00Z', COUNT))
    await countSpending()
  })

  it.each([
    ['Europe/Berlin', SPRING, 2, 23],
    ['Europe/Berlin', AUTUMN, 2, 25],
    // Half an hour off: the hour that begins at half past belongs to the day that it begins in.
    ['America/St_Johns', SPRING, 1, 24],
    // The clocks change by half an hour.
    ['Australia/Lord_Howe', '2025-04-04T00:00:00Z', 2, 25],
    ['Australia/Lord_Howe', '2025-10-03T00:00:00Z', 2, 23],
  ])('%s from %s: day %i has %i hours of spending', async (timezone, from, day, length) => {
    const to = new Date(Date.parse(from) + COUNT * HOUR_MS).toISOString()
    const answer = await getSpending(app.actor(), { from, to, timezone, interval: 'day', by: 'client' })
    for (const { time } of answer.points) expect(local(time, timezone)).toContain('00:00')
    expect(new Set(answer.points.map(({ time }) => local(time, timezone).slice(0, 10))).size).toBe(
      answer.points.length,
    )
    expect(answer.points.reduce((sum, { cost }) => sum + cost, 0)).toBe(COUNT)
    const counted = answer.points.map(({ attempts }) => attempts)
    expect(counted[day]).toBe(length)
    expect(answer.points.map(({ series }) => series.editor ?? 0)).toEqual(counted)
  })

  it.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'])(
    'by the hour nothing is lost in %s',
    async (timezone) => {
      for (const from of [SPRING, AUTUMN, '2025-04-04T00:00:00Z', '2025-10-03T00:00:00Z']) {
        const to = new Date(Date.parse(from) + COUNT * HOUR_MS).toISOString()
        const asked = { from, to, timezone, interval: 'hour' } as const
        const { points } = await getSpending(app.actor(), asked)
        expect(points.reduce((sum, { generations }) => sum + generations, 0)).toBe(COUNT)
        const times = points.map(({ time }) => Date.parse(time))
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b))
        const series = await getTimeseries(app.actor(), asked)
        expect(series.points.map(({ cost, tokens }) => [cost, tokens])).toEqual(
          points.map(({ cost, tokens }) => [cost, tokens]),
        )
      }
    },
  )

  it('has the points of an empty span, and refuses a huge one', async () => {
    const empty = { from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' }
    const answer = await getSpending(app.actor(), empty)
    expect(answer.points).toHaveLength(31)
    expect(answer).toMatchObject({
      rows: [],
      row_count: 0,
      keys: [],
      totals: { cost: 0, tokens: 0, cost_per_generation: null },
    })
    const huge = { from: '1970-01-01T00:00:00Z', to: '2999-12-31T00:00:00Z' }
    expect(await refusal(getSpending(app.actor(), huge))).toMatchObject({ code: 'too_large' })
    const long = await getSpending(app.actor(), { ...huge, to: '2000-01-01T00:00:00Z', interval: 'month' })
    expect(long.points).toHaveLength(30 * 12)
    expect(await refusal(getSpending(app.actor(), { ...empty, timezone: '+02:00' }))).toMatchObject({
      code: 'invalid_input',
    })
    expect(await refusal(getSpending(app.actor(), { version: 1 }))).toMatchObject({ code: 'invalid_input' })
  })

  it('compares with the span before, which is as long', async () => {
    const from = new Date(Date.parse(SPRING) + 2 * DAY_MS).toISOString()
    const to = new Date(Date.parse(SPRING) + 4 * DAY_MS).toISOString()
    const { totals, previous } = await getSpending(app.actor(), { from, to })
    expect(totals).toMatchObject({ cost: 48, generations: 48, tokens: 4800 })
    expect(previous).toEqual(totals)
    const stats = await getStats(app.actor(), { from, to })
    expect(stats.previous).toMatchObject({ cost: 48, tokens: 4800, uses: 0 })
  })
})

describe('rows, versions and the month that runs', () => {
  const day = (n: number) => new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - n * DAY_MS + HOUR_MS)
  beforeAll(async () => {
    await createVersion(app.actor(), { name: 'greeting', base_version: 1, template_content: 'Hello again' })
    for (let n = 1; n <= 28; n++) await spend([day(n)], { cost: 1 })
    await spend(
      Array.from({ length: 40 }, () => day(1)),
      { version: 2, cost: 0.5, client: '=HYPERLINK("x")' },
    )
  })

  const from = () => new Date(Date.now() - 40 * DAY_MS).toISOString()

  it('has what a generation and a thousand tokens cost, and the part of the whole', async () => {
    const { rows, totals, keys, points } = await getSpending(app.actor(), { from: from(), by: 'version' })
    expect(totals).toMatchObject({
      cost: 48,
      generations: 68,
      latency_ms: 800,
      queue_ms: 1000,
      first_token_ms: 200,
    })
    expect(rows).toMatchObject([
      { key: 'greeting@1', generations: 28, cost: 28, cost_per_generation: 1, cost_per_1000_tokens: 10 },
      { key: 'greeting@2', cost: 20, cost_per_generation: 0.5, share: 20 / 48 },
    ])
    expect(keys).toEqual(['greeting@1', 'greeting@2'])
    expect(points.reduce((sum, { series }) => sum + (series['greeting@2'] ?? 0), 0)).toBe(20)
  })

  it('puts what a version costs beside the one before, and says where that is little', async () => {
    const { versions } = await getSpending(app.actor(), { from: from(), prompt: 'greeting' })
    expect(versions).toMatchObject([
      {
        version: 2,
        generations: 40,
        cost_per_generation: 0.5,
        before: { version: 1 },
        change: -0.5,
        is_small: true,
      },
      { version: 1, before: null, change: null },
    ])
  })

  it('tells how the month will end, and when a quota is used up', async () => {
    const { forecast, quotas } = await getSpending(app.actor(), {
      from: from(),
      version: 1,
      prompt: 'greeting',
    })
    expect(forecast).toMatchObject({ method: 'weekdays', days: 28 })
    expect(forecast?.cost.expected).toBeGreaterThanOrEqual(forecast?.cost.spent ?? Infinity)
    expect(quotas.map(({ configuration, quota, limit }) => [configuration, quota, limit])).toEqual([
      ['writer', 'cost', 50],
      ['writer', 'tokens', 1_000_000],
    ])
    // What was spent here went past the limits, so that no quota knows of it.
    expect(quotas.every(({ used }) => used === 0)).toBe(true)
    for (const { course } of [...quotas, forecast?.cost ?? { course: [] }]) {
      const days = course.map(({ time }) => Date.parse(time) / DAY_MS)
      expect(days).toEqual(days.map((_, n) => (days[0] ?? 0) + n))
      expect(new Date((days[0] ?? 0) * DAY_MS).getUTCDate()).toBe(1)
      expect(new Date(((days.at(-1) ?? 0) + 1) * DAY_MS).getUTCDate()).toBe(1)
    }
  })

  it('sends the rows as CSV that no spreadsheet runs', async () => {
    const file = await exportSpending(app.actor(), { from: from(), by: 'client' })
    expect(file.fileName).toMatch(/^spending-by-client-\d{4}-\d\d-\d\d\.csv$/)
    const lines = (await readDownload(file)).text.split('\r\n')
    expect(lines[0]).toMatch(/^key,name,generations,/)
    expect(lines[1]).toMatch(/^editor,editor,28,0,28,0,1680,1120,2800,28,0,1,10,/)
    expect(lines[2]).toMatch(/^"'=HYPERLINK\(""x""\)"/)
  })

  it('sends the rows as JSON Lines, and says where there are more', async () => {
    const query = { from: from(), by: 'client' } as const
    const { rows, row_count: count } = await getSpending(app.actor(), query)
    const read = async () => {
      const { text } = await readDownload(await exportSpending(app.actor(), { ...query, format: 'jsonl' }))
      return text
        .split('\n')
        .slice(0, -1)
        .map((line): unknown => JSON.parse(line))
    }
    expect(count).toBeGreaterThan(1)
    expect(await read()).toEqual(rows)
    const limits = app.runtime.config.limits
    const most = limits.spending_rows
    Object.assign(limits, { spending_rows: 1 })
    const cut = await read()
    Object.assign(limits, { spending_rows: most })
    expect(cut[0]).toEqual(rows[0])
    expect(cut[1]).toEqual({
      export_limit: `These are the 1 largest of ${count} rows (limits.spending_rows)`,
    })
    expect(cut).toHaveLength(2)
  })
})
