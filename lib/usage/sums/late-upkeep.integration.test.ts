import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { newId } from '../../id.ts'
import { withClient } from '../../testing/database.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { expireUsage } from '../expire-usage.ts'
import { getTimeseries } from '../operations/get-timeseries.ts'
import { makePartitions } from '../recording/partitions.ts'
import { recordUsage } from '../recording/record.ts'
import { startUsageWriter, sumUpUsage } from '../recording/writer.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Of tomorrow: hours of it are over for the clock that the tests set. */
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS + 1.5 * DAY_MS

let app: TestRuntime
let actor: Actor

beforeAll(async () => {
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000 } })
  actor = app.actor()
})
afterAll(() => app.close())
beforeEach(() =>
  sql(
    'TRUNCATE prompt_usage, usage_hour, usage_rolled, usage_all_hour, usage_way_hour, usage_way_day, usage_prompt_day, usage_prompt_way_day, usage_prompt_third, usage_top, usage_failure_top, usage_actor_day, usage_actor_prompt_day, usage_prompt_last, usage_prompt_month_days, usage_open_way, usage_open_prompt',
  ),
)
afterEach(() => {
  vi.useRealTimers()
  // The process remembers what it made: each test begins as another process.
  app.runtime.once('usage.days', () => ({ made: new Set(), failed: new Map() })).made.clear()
  app.runtime.once('usage.days', () => ({ made: new Set(), failed: new Map() })).failed.clear()
})

/** As the owner: the role that serves makes and empties no tables. */
const sql = (text: string, values: unknown[] = []) =>
  withClient(app.database.ownerUrl, (client) => client.query<Record<string, unknown>>(text, values))

/** Moves the clock of the app, and nothing else. */
function setClock(ms: number): void {
  vi.useFakeTimers({ now: ms, toFake: ['Date'] })
}

async function use(times = 1): Promise<void> {
  for (let n = 0; n < times; n++) recordUsage(actor, { operation: 'get', outcome: 'ok', duration_us: 100 })
  expect(await startUsageWriter().flush()).toBe(true)
}

/** Uses by the partition that they are in. */
async function uses(): Promise<Record<string, number>> {
  const { rows } = await sql(
    'SELECT tableoid::regclass::text AS part, count(*)::integer AS count FROM prompt_usage GROUP BY 1 ORDER BY 1',
  )
  return Object.fromEntries(rows.map(({ part, count }) => [String(part), Number(count)]))
}

const partition = (ms: number) =>
  `prompt_usage_${new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')}`

/** A use as an upkeep that never came would have left it. */
function putIntoDefault(at: number): Promise<unknown> {
  return sql(
    `INSERT INTO prompt_usage (id, occurred_at, workspace_id, operation, surface, actor_id, outcome, duration_us)
     VALUES ($1, $2, $3, 'get', 'rest', $4, 'ok', 5)`,
    [newId(), new Date(at), actor.workspaceId, actor.id],
  )
}

const dropAllPartitions = () => sql("SELECT drop_usage_partitions('9999-12-31', 1000)")

describe('reliability case 38: upkeep that comes late', () => {
  it('gives the days in the default partition their own, moves their uses and makes the days to come', async () => {
    await dropAllPartitions()
    const now = Date.now()
    const days = [now - 3 * DAY_MS, now - DAY_MS, now, now + 2 * DAY_MS]
    for (const day of days) await putIntoDefault(day)
    expect(await uses()).toEqual({ prompt_usage_default: 4 })
    expect(await makePartitions()).toBe(false)
    expect(await uses()).toEqual(Object.fromEntries(days.map((day) => [partition(day), 1])))
    for (const ahead of [1, 3]) {
      const { rows } = await sql('SELECT to_regclass($1) IS NOT NULL AS made', [
        partition(now + ahead * DAY_MS),
      ])
      expect(rows[0]?.made).toBe(true)
    }
    await putIntoDefault(now)
    expect((await uses())[partition(now)]).toBe(2)
  })

  it('makes the other days where one of them cannot be had, and that one later', async () => {
    await dropAllPartitions()
    const now = Date.now()
    // Something else has the name of tomorrow's partition.
    const taken = partition(now + DAY_MS)
    await sql(`CREATE TABLE ${taken} ()`)
    await expect(makePartitions()).rejects.toThrow('already exists')
    await sql(`DROP TABLE ${taken}`)
    for (const [ahead, made] of [
      [0, true],
      [1, false],
      [2, true],
      [3, true],
    ] as const) {
      const { rows } = await sql('SELECT to_regclass($1) IS NOT NULL AS made', [
        partition(now + ahead * DAY_MS),
      ])
      expect(rows[0]?.made).toBe(made)
    }
    await makePartitions()
    const { rows } = await sql('SELECT to_regclass($1) IS NOT NULL AS made', [taken])
    expect(rows[0]?.made).toBe(true)
  })

  it('is not waited for: the first use after a gap of weeks finds its day', async () => {
    await dropAllPartitions()
    setClock(Date.now() + 30 * DAY_MS)
    await use(3)
    expect(await uses()).toEqual({ [partition(Date.now())]: 3 })
  })

  it.each([
    ['ahead', 7 * DAY_MS],
    ['back', -7 * DAY_MS],
  ])('leaves nothing in the wrong place when the clock jumps %s by a week and returns', async (_, jump) => {
    const now = Date.now()
    await use(2)
    setClock(now + jump)
    await use(3)
    await makePartitions(new Date())
    vi.useRealTimers()
    await use(4)
    await makePartitions()
    expect(await uses()).toEqual({ [partition(now)]: 6, [partition(now + jump)]: 3 })
  })

  it('sums up anew what a clock that was ahead had summed up too early', async () => {
    const now = Date.now()
    setClock(now - 5 * DAY_MS)
    await use(2)
    setClock(now + 7 * DAY_MS)
    expect(await sumUpUsage(new Date())).toBe(false)
    vi.useRealTimers()
    await use(3)
    expect(await sumUpUsage()).toBe(false)
    const { rows } = await sql('SELECT until < now() AS right FROM usage_rolled')
    expect(rows).toEqual([{ right: true }])
    const from = new Date(now - 10 * DAY_MS).toISOString()
    const { points } = await getTimeseries(actor, { from, interval: 'day' })
    expect(points.reduce((sum, { gets }) => sum + gets, 0)).toBe(5)
  })

  it('counts what an instance held back until its day was summed up', async () => {
    const now = Date.now()
    setClock(now - 5 * DAY_MS)
    await use(2)
    recordUsage(actor, { operation: 'get', outcome: 'ok', duration_us: 100 })
    vi.useRealTimers()
    // Another instance sums up while this one sleeps.
    const { rollUpUsage } = await import('./roll-up.ts')
    await rollUpUsage(app.runtime.database.primary.pool, new Date())
    expect(await startUsageWriter().flush()).toBe(true)
    await sumUpUsage()
    const { rows } = await sql('SELECT sum(gets)::integer AS gets FROM usage_all_hour')
    expect(rows[0]?.gets).toBe(3)
  })

  it('sums up anew what was added to a day without taking its sums back', async () => {
    const now = Date.now()
    setClock(now - DAY_MS)
    await use(2)
    vi.useRealTimers()
    await sumUpUsage(new Date(now + 3 * 3_600_000))
    const uses = async () => {
      const { rows } = await sql('SELECT sum(gets)::integer AS gets FROM usage_all_hour')
      return rows[0]?.gets
    }
    expect(await uses()).toBe(2)
    await sql('UPDATE usage_hour SET total = total + 5 WHERE workspace_id = $1', [actor.workspaceId])
    await sumUpUsage(new Date(now + 3 * 3_600_000))
    expect(await uses()).toBe(7)
  })

  /** Uses as a question finds them, which is what the hours say. */
  async function counted(): Promise<number> {
    const { points } = await getTimeseries(actor, { from: new Date(NOON - DAY_MS).toISOString() })
    const { rows } = await sql('SELECT coalesce(sum(total), 0)::integer AS uses FROM usage_hour')
    const sum = points.reduce((uses, { gets }) => uses + gets, 0)
    expect(sum).toBe(rows[0]?.uses)
    return sum
  }

  const hoursUntil = async () => (await sql('SELECT hours_until FROM usage_rolled')).rows[0]?.hours_until

  it('sums up the hours of a day that is not over, and anew those that uses came to later', async () => {
    setClock(NOON - 2 * HOUR_MS)
    await use(2)
    recordUsage(actor, { operation: 'get', outcome: 'ok', duration_us: 100 })
    setClock(NOON)
    const { rollUpUsage } = await import('./roll-up.ts')
    const rollUp = () => rollUpUsage(app.runtime.database.primary.pool, new Date())
    // Another instance sums up while this one sleeps.
    await rollUp()
    // The last hour has not been over for a quarter of an hour.
    expect(await hoursUntil()).toEqual(new Date(NOON - HOUR_MS))
    expect(await counted()).toBe(2)
    expect(await startUsageWriter().flush()).toBe(true)
    expect(await hoursUntil()).toEqual(new Date(NOON - 2 * HOUR_MS))
    expect(await counted()).toBe(3)
    await rollUp()
    expect(await hoursUntil()).toEqual(new Date(NOON - HOUR_MS))
    expect(await counted()).toBe(3)
  })

  it('sums up anew the hours of a clock that was ahead, and those that somebody added to who died', async () => {
    setClock(NOON + 5 * HOUR_MS)
    await use(2)
    setClock(NOON + 8 * HOUR_MS)
    await sumUpUsage(new Date())
    expect(await hoursUntil()).toEqual(new Date(NOON + 7 * HOUR_MS))
    setClock(NOON)
    await sumUpUsage(new Date())
    expect(await hoursUntil()).toEqual(new Date(NOON - HOUR_MS))
    setClock(NOON + 8 * HOUR_MS)
    await sumUpUsage(new Date())
    await sql('UPDATE usage_hour SET total = total + 5 WHERE workspace_id = $1', [actor.workspaceId])
    await sumUpUsage(new Date())
    expect(await counted()).toBe(7)
  })

  it('drops no more than a week of history in one round, whatever the clock says', async () => {
    await dropAllPartitions()
    await sql(`SELECT ensure_usage_partitions((now() - interval '98 days')::date, 12)`)
    // The database's clock is right: what it says is old goes, and no more.
    expect(await expireUsage(new Date(Date.now() + 365 * DAY_MS))).toBe(true)
    expect(await expireUsage(new Date(Date.now() + 365 * DAY_MS))).toBe(false)
    const { rows } = await sql(
      `SELECT count(*)::integer AS left FROM pg_inherits WHERE inhparent = 'prompt_usage'::regclass`,
    )
    // The last four of the twelve, and the default partition.
    expect(Number(rows[0]?.left)).toBe(5)
  })

  it('goes on writing while somebody reads the default partition for long', async () => {
    await dropAllPartitions()
    await withClient(app.database.url, async (reader) => {
      await reader.query('BEGIN; SELECT FROM prompt_usage_default')
      await use(2)
      expect(await uses()).toEqual({ prompt_usage_default: 2 })
      await reader.query('COMMIT')
    })
    await makePartitions()
    expect(await uses()).toEqual({ [partition(Date.now())]: 2 })
  })
})
