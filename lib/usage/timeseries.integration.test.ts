import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVersion } from '../prompts/operations/create-version.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { withClient } from '../testing/database.ts'
import { makePrompt } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { pendingUse } from '../testing/usage.ts'
import { getStats } from './operations/get-stats.ts'
import { getTimeseries } from './operations/get-timeseries.ts'
import type { PendingUsage } from './recording/record.ts'
import { writeUsage } from './recording/write-usage.ts'
import { rollUpUsage } from './sums/roll-up.ts'

let app: TestRuntime
let pool: Pool
const ids = new Map<string, string>()

beforeAll(async () => {
  app = await testRuntime()
  pool = app.runtime.database.primary.pool
  for (const name of ['alpha', 'beta', 'idle']) ids.set(name, (await makePrompt(app.actor(), { name })).id)
  await pool.query(`SELECT ensure_usage_partitions('2026-03-01'::date, 60)`)
  await use('2026-03-28T22:30:00Z', 'alpha', 3)
  await use('2026-03-28T23:30:00Z', 'alpha', 2, { version_number: 2, surface: 'rest', client_name: null })
  await use('2026-03-29T12:00:00Z', 'beta', 4, { operation: 'get', client_name: 'other' })
  await use('2026-03-31T01:00:00Z', 'alpha', 1, { outcome: 'unprocessable', duration_us: 80_000 })
})
afterAll(() => app.close())

async function use(
  at: string,
  name: string,
  count: number,
  changes: Partial<PendingUsage> = {},
): Promise<void> {
  const event = { occurred_at: Date.parse(at), prompt_id: ids.get(name) ?? null, ...changes }
  await writeUsage(
    pool,
    Array.from({ length: count }, () => pendingUse(app.actor(), event)),
  )
}

const SPAN = { from: '2026-03-28T00:00:00Z', to: '2026-04-01T00:00:00Z' }
const series = (query: object) => getTimeseries(app.actor(), { ...SPAN, ...query })

describe('getTimeseries', () => {
  it.each([
    ['CET', 'Europe/Brussels'],
    ['met', 'Europe/Brussels'],
    ['EET', 'Europe/Athens'],
    ['WET', 'Europe/Lisbon'],
  ])('%s has the summer time of %s', async (short, zone) => {
    const [{ points }, expected] = await Promise.all([
      series({ timezone: short }),
      series({ timezone: zone }),
    ])
    expect(points).toEqual(expected.points)
  })

  it('fills the days without uses', async () => {
    const { points, interval, timezone } = await series({})
    expect([interval, timezone]).toEqual(['day', 'UTC'])
    expect(points.map(({ time, uses }) => [time.slice(0, 10), uses])).toEqual([
      ['2026-03-28', 5],
      ['2026-03-29', 4],
      ['2026-03-30', 0],
      ['2026-03-31', 1],
    ])
    expect(points[0]).toMatchObject({ renders: 5, gets: 0, tool_calls: 0, failed: 0, success_rate: 1 })
    expect(points[2]).toMatchObject({ success_rate: null, p50_ms: null, p95_ms: null })
    expect(points[3]).toMatchObject({ failed: 1, success_rate: 0 })
    expect(points[0]?.p50_ms).toBeGreaterThan(0.5)
    expect(points[3]?.p95_ms).toBeGreaterThan(50)
  })

  it('cuts days where they begin in a time zone, also on the day that is an hour shorter', async () => {
    const span = { from: '2026-03-27T23:00:00Z', to: '2026-03-30T22:00:00Z', timezone: 'Europe/Berlin' }
    const { points } = await series({ ...span, interval: 'day' })
    expect(points.map(({ time, uses }) => [time, uses])).toEqual([
      ['2026-03-27T23:00:00.000Z', 3],
      ['2026-03-28T23:00:00.000Z', 6],
      ['2026-03-29T22:00:00.000Z', 0],
    ])
  })

  it('cuts hours, weeks and months', async () => {
    const hours = await series({ from: '2026-03-28T21:00:00Z', to: '2026-03-29T00:00:00Z' })
    expect([hours.interval, hours.points.map(({ uses }) => uses)]).toEqual(['hour', [0, 3, 2]])
    const weeks = await series({ interval: 'week' })
    expect(weeks.points.map(({ time, uses }) => [time.slice(0, 10), uses])).toEqual([
      ['2026-03-23', 9],
      ['2026-03-30', 1],
    ])
    const months = await series({ from: '2026-01-10T00:00:00Z', interval: 'month' })
    expect(months.points.map(({ uses }) => uses)).toEqual([0, 0, 10])
    const years = await series({ from: '2022-01-01T00:00:00Z' })
    expect(years.interval).toBe('month')
  })

  it('splits the uses, most used first', async () => {
    const bySurface = await series({ by: 'surface' })
    expect(bySurface.keys).toEqual(['mcp', 'rest'])
    expect(bySurface.points[0]?.series).toEqual({ mcp: 3, rest: 2 })
    expect((await series({ by: 'prompt' })).keys).toEqual(['alpha', 'beta'])
    const byVersion = await series({ by: 'version', prompt: 'alpha' })
    expect(byVersion.keys).toEqual(['alpha@1', 'alpha@2'])
    const byClient = await series({ by: 'client' })
    expect(byClient.keys).toEqual(['editor', 'other', ''])
  })

  it('joins all but six keys to "other"', async () => {
    for (let n = 0; n < 8; n++)
      await use('2025-12-05T10:00:00Z', 'alpha', 9 - n, { client_name: `client ${n}` })
    const span = { from: '2025-12-05T00:00:00Z', to: '2025-12-06T00:00:00Z', interval: 'day' }
    const { keys, points } = await series({ ...span, by: 'client' })
    expect(keys).toEqual([...Array.from({ length: 6 }, (_, n) => `client ${n}`), 'other'])
    expect(points[0]?.series).toMatchObject({ 'client 0': 9, other: 3 + 2 })
  })

  it('filters like the statistics', async () => {
    const uses = async (query: object) => {
      const { points } = await series(query)
      const { totals } = await getStats(app.actor(), { ...SPAN, ...query })
      expect(points.reduce((sum, point) => sum + point.uses, 0)).toBe(totals.uses)
      return totals.uses
    }
    expect(await uses({ prompt: 'alpha' })).toBe(6)
    expect(await uses({ prompt: 'alpha', version: 2 })).toBe(2)
    expect(await uses({ surface: 'rest' })).toBe(2)
    expect(await uses({ client: 'editor' })).toBe(4)
    expect(await uses({ client: '' })).toBe(2)
  })

  it('refuses what makes no sense, an unknown prompt and an actor without the scope', async () => {
    const invalid = { code: 'invalid_input' }
    expect(await refusal(series({ timezone: 'Europe/Nowhere' }))).toMatchObject(invalid)
    expect(await refusal(series({ timezone: '+02:00' }))).toMatchObject(invalid)
    expect(await refusal(series({ version: 1 }))).toMatchObject(invalid)
    const tooMany = { code: 'too_large', extra: { limit: 'limits.timeseries_points' } }
    expect(await refusal(series({ from: '2025-01-01T00:00:00Z', interval: 'hour' }))).toMatchObject(tooMany)
    expect(await refusal(series({ from: SPAN.to }))).toMatchObject(invalid)
    expect(await refusal(series({ prompt: 'nobody' }))).toMatchObject({ code: 'not_found' })
    const blind = actorLike(app.actor(), { scopes: new Set() })
    expect(await refusal(getTimeseries(blind, {}))).toMatchObject({ code: 'forbidden' })
  })
})

describe('getStats', () => {
  it('ranks versions, compares with the span before, and lists what nobody used', async () => {
    const stats = await getStats(app.actor(), SPAN)
    expect(stats.by_version.map(({ name, version, uses }) => [name, version, uses])).toEqual([
      ['alpha', 1, 4],
      ['beta', 1, 4],
      ['alpha', 2, 2],
    ])
    expect(stats.by_prompt.map(({ name, uses }) => [name, uses])).toEqual([
      ['alpha', 6],
      ['beta', 4],
    ])
    expect(stats.by_version[0]?.p95_ms).toBeGreaterThan(50)
    expect(stats.by_version[1]?.p95_ms).toBeLessThan(2)
    expect(stats.previous).toMatchObject({ uses: 0, p50_ms: null })
    expect(stats.unused).toMatchObject({ total: 1, items: [{ name: 'idle', last_used_at: null }] })
    const later = await getStats(app.actor(), { from: '2026-03-30T00:00:00Z', to: '2026-04-01T00:00:00Z' })
    expect(later.previous.uses).toBe(9)
    expect(later.unused.items.map(({ name, last_used_at }) => [name, last_used_at])).toEqual([
      ['idle', null],
      ['beta', '2026-03-29T12:00:00.000Z'],
    ])
  })

  it('tells what happened to the prompt that is asked for', async () => {
    const prompt = await makePrompt(app.actor(), { name: 'moved' })
    const second = await createVersion(app.actor(), {
      name: 'moved',
      if_match: prompt.etag,
      title: 'Next',
      message: 'Better',
    })
    await setLabel(app.actor(), { name: 'moved', label: 'production', version: 2, if_match: second.etag })
    // The span ends a moment ago by now.
    const to = new Date(Date.now() + 1000).toISOString()
    const { marks } = await getStats(app.actor(), { prompt: 'moved', to })
    expect(
      marks.map((mark) => [mark.kind, mark.version, mark.label, mark.previous_version, mark.message]),
    ).toEqual([
      ['version', 1, null, null, ''],
      ['label', 1, 'production', null, null],
      ['version', 2, null, null, 'Better'],
      ['label', 2, 'production', 1, null],
    ])
    expect((await getTimeseries(app.actor(), { prompt: 'moved', to })).marks).toEqual(marks)
  })
})

/** March and some hours before and after it. */
const MONTHS = { from: '2026-02-27T05:00:00Z', to: '2026-04-01T03:00:00Z' }

describe('figures that are summed up', () => {
  it('are those of the hours, in every question, whichever part of a span is summed up', async () => {
    const questions = [
      {},
      { surface: 'rest' as const },
      { client: '' },
      { prompt: 'alpha' },
      { prompt: 'alpha', version: 2 },
      { from: '2026-03-28T22:00:00Z' },
      { to: '2026-03-29T12:30:00Z' },
      MONTHS,
      { ...MONTHS, surface: 'rest' as const },
    ]
    const ask = () =>
      Promise.all(
        questions.flatMap((query) => [
          getStats(app.actor(), { ...SPAN, ...query }),
          getTimeseries(app.actor(), { ...SPAN, ...query, by: 'version', timezone: 'Asia/Kolkata' }),
        ]),
      )
    const before = await ask()
    // Half of the span, then all of it with its month, by two instances at once.
    for (const now of ['2026-03-30T00:00:00Z', '2026-04-03T00:00:00Z']) {
      await Promise.all([rollUpUsage(pool, new Date(now)), rollUpUsage(pool, new Date(now))])
      expect(await ask()).toEqual(before)
    }
    const { rows } = await pool.query<{ until: Date; uses: number }>(
      `SELECT until, (SELECT sum(gets + renders + tool_calls)::float8 FROM usage_all_hour) AS uses FROM usage_rolled`,
    )
    expect(rows[0]?.until.toISOString()).toBe('2026-04-02T00:00:00.000Z')
    // Read from what is summed up indeed: the hours are gone.
    const asOwner = (sql: string) => withClient(app.database.ownerUrl, (client) => client.query(sql))
    await asOwner('CREATE TABLE kept AS TABLE usage_hour; DELETE FROM usage_hour')
    const gone = await getStats(app.actor(), SPAN)
    await asOwner('INSERT INTO usage_hour TABLE kept; DROP TABLE kept')
    expect(gone).toEqual({ ...before[0], unused: gone.unused })
    // And so are the days of a month.
    await asOwner('CREATE TABLE kept AS TABLE usage_prompt_day; DELETE FROM usage_prompt_day')
    const ofMonths = await getStats(app.actor(), MONTHS)
    await asOwner('INSERT INTO usage_prompt_day TABLE kept; DROP TABLE kept')
    expect(ofMonths.by_prompt).toEqual((await getStats(app.actor(), MONTHS)).by_prompt)
    expect(ofMonths.by_prompt).toHaveLength(2)
  })
})
