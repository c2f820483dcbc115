import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { comparedSpan, spanOf } from '#components/spans/span.ts'
import { makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { pendingUse } from '../testing/usage.ts'
import { getStats } from './operations/get-stats.ts'
import { getTimeseries } from './operations/get-timeseries.ts'
import { writeUsage } from './recording/write-usage.ts'
import { rollUpUsage } from './sums/roll-up.ts'

/* Spans of hours, and days of every zone, are what a recount of the single uses says. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Two days before the clocks of Europe change. */
const START = Date.parse('2025-10-24T00:00:00Z')
const HOURS = 6 * 24
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Australia/Lord_Howe',
]
const RUNS = 20

interface Use {
  at: number
  prompt: string
  client: string | null
  failed: boolean
}

let app: TestRuntime
let pool: Pool
let uses: Use[]

beforeAll(async () => {
  app = await testRuntime()
  pool = app.runtime.database.primary.pool
  const ids = new Map<string, string>()
  for (const name of ['alpha', 'beta']) ids.set(name, (await makePrompt(app.actor(), { name })).id)
  await pool.query(`SELECT ensure_usage_partitions('2025-10-20'::date, 20)`)
  // Most often at the ends of hours, where one of them is the wrong one.
  const time = fc.oneof(
    fc.integer({ min: 0, max: HOURS * HOUR_MS - 1 }),
    fc.integer({ min: 0, max: HOURS - 1 }).map((hour) => hour * HOUR_MS),
    fc.integer({ min: 1, max: HOURS }).map((hour) => hour * HOUR_MS - 1),
  )
  const drawn = fc.record({
    after: time,
    prompt: fc.constantFrom('alpha', 'beta'),
    client: fc.constantFrom('editor', 'agent', null),
    failed: fc.boolean(),
  })
  uses = fc
    .sample(drawn, { numRuns: 900, seed: 7 })
    .map(({ after, ...rest }) => ({ at: START + after, ...rest }))
  await writeUsage(
    pool,
    uses.map(({ at, prompt, client, failed }) =>
      pendingUse(app.actor(), {
        occurred_at: at,
        prompt_id: ids.get(prompt) ?? null,
        client_name: client,
        outcome: failed ? 'unprocessable' : 'ok',
        reasons: failed ? JSON.stringify([{ code: 'missing', variable: 'who' }]) : null,
      }),
    ),
  )
})
afterAll(() => app.close())

const between = (from: number, to: number) => uses.filter(({ at }) => at >= from && at < to)
const iso = (time: number) => new Date(time).toISOString()
const countBy = (some: Use[], key: (use: Use) => string) =>
  Object.fromEntries(
    [...new Set(some.map(key))].map((each) => [each, some.filter((use) => key(use) === each).length]),
  )

/** Asks for some hours in every way, and recounts each answer. */
async function assertHours(first: number, length: number, timezone: string): Promise<void> {
  const [from, to] = [START + first * HOUR_MS, START + (first + length) * HOUR_MS]
  const span = { from: iso(from), to: iso(to) }
  const expected = between(from, to)
  const stats = await getStats(app.actor(), span)
  expect(stats.totals).toMatchObject({
    uses: expected.length,
    failed: expected.filter(({ failed }) => failed).length,
  })
  expect(stats.previous.uses).toBe(between(from - length * HOUR_MS, from).length)
  expect(Object.fromEntries(stats.by_prompt.map((row) => [row.name, row.uses]))).toEqual(
    countBy(expected, ({ prompt }) => prompt),
  )
  expect(Object.fromEntries(stats.by_client.map((row) => [row.client ?? '', row.uses]))).toEqual(
    countBy(expected, ({ client }) => client ?? ''),
  )
  expect(stats.failures.reduce((sum, { count }) => sum + count, 0)).toBe(stats.totals.failed)
  const { points } = await getTimeseries(app.actor(), { ...span, interval: 'hour', timezone, by: 'prompt' })
  expect(points.map((point) => [point.time, point.uses, point.failed, point.series])).toEqual(
    Array.from({ length }, (_, n) => {
      const start = from + n * HOUR_MS
      const own = between(start, start + HOUR_MS)
      const failed = own.filter((use) => use.failed).length
      return [iso(start), own.length, failed, countBy(own, ({ prompt }) => prompt)]
    }),
  )
}

const SPANS = fc
  .record({
    first: fc.integer({ min: 0, max: HOURS - 1 }),
    length: fc.integer({ min: 1, max: 30 }),
    zone: fc.constantFrom(...ZONES),
  })
  .map(({ first, length, zone }) => ({ first, length: Math.min(length, HOURS - first), zone }))

const assertAnyHours = () =>
  fc.assert(
    fc.asyncProperty(SPANS, ({ first, length, zone }) => assertHours(first, length, zone)),
    { numRuns: RUNS },
  )

/** The points of a span as the page asks for it, each with its recount by the clocks of the zone. */
async function assertDays(from: string, to: string, zone: string): Promise<void> {
  const choice = { range: null, from, to }
  const span = spanOf(choice, zone, new Date(START + 40 * DAY_MS))
  for (const asked of [span, comparedSpan(span, 'before', zone)]) {
    const { points } = await getTimeseries(app.actor(), {
      from: asked.from,
      to: asked.to,
      interval: 'day',
      timezone: zone,
    })
    const dayOf = (time: number) =>
      new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(time)
    // An hour that midnight lies in belongs to the day that it begins in.
    const counted = (day: string) =>
      uses.filter(({ at }) => dayOf(Math.floor(at / HOUR_MS) * HOUR_MS) === day).length
    expect(points.map(({ time, uses: own }) => [dayOf(Date.parse(time)), own])).toEqual(
      points.map(({ time }) => [dayOf(Date.parse(time)), counted(dayOf(Date.parse(time)))]),
    )
    const stats = await getStats(app.actor(), { from: asked.from, to: asked.to })
    expect(stats.totals.uses).toBe(points.reduce((sum, { uses: own }) => sum + own, 0))
  }
}

it('counts any hours exactly, in every zone, before and after they are summed up', async () => {
  await assertAnyHours()
  for (const now of ['2025-10-27T00:00:00Z', '2025-11-05T00:00:00Z']) {
    await rollUpUsage(pool, new Date(now))
    await assertAnyHours()
    for (const zone of ZONES) {
      await assertDays('2025-10-26', '2025-10-27', zone)
      await assertDays('2025-10-25', '2025-10-25', zone)
    }
  }
  const { rows } = await pool.query<{ until: Date }>('SELECT until FROM usage_rolled')
  expect(rows[0]?.until.toISOString()).toBe('2025-11-04T00:00:00.000Z')
})

it('has an hour for each hour of a day on which the clocks change', async () => {
  const pointsOf = async (day: string, timezone: string) => {
    const { from, to } = spanOf({ range: null, from: day, to: day }, timezone, new Date())
    const { points } = await getTimeseries(app.actor(), { from, to, interval: 'hour', timezone })
    expect(points[0]?.time).toBe(from)
    return points.length
  }
  expect(await pointsOf('2025-10-26', 'Europe/Berlin')).toBe(25)
  expect(await pointsOf('2025-03-30', 'Europe/Berlin')).toBe(23)
  expect(await pointsOf('2025-10-26', 'Asia/Kolkata')).toBe(24)
})

it('ends with the hour that a span ends in, and says where that begins', async () => {
  const from = iso(START + 30 * HOUR_MS)
  const stats = await getStats(app.actor(), { from, to: iso(START + 31 * HOUR_MS + 1) })
  expect(stats.totals.uses).toBe(between(START + 30 * HOUR_MS, START + 32 * HOUR_MS).length)
  // At 09:00 of India it is half past: the hour that is counted began at 08:30 there.
  const { points, timezone } = await getTimeseries(app.actor(), {
    from: '2025-10-26T03:00:00Z',
    to: '2025-10-26T05:00:00Z',
    timezone: 'Asia/Kolkata',
  })
  expect(timezone).toBe('Asia/Kolkata')
  expect(points.map(({ time }) => time)).toEqual(['2025-10-26T03:00:00.000Z', '2025-10-26T04:00:00.000Z'])
})
