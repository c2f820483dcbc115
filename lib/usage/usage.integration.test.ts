import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { newId } from '../id.ts'
import { metrics } from '../metrics.ts'
import { withClient } from '../testing/database.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { expireKeys, expireUsage } from './expire-usage.ts'
import { getStats } from './operations/get-stats.ts'
import { makePartitions } from './recording/partitions.ts'
import {
  addUsageMetrics,
  type PendingUsage,
  recordUsage,
  UsageBuffer,
  usageBuffer,
} from './recording/record.ts'
import { writeUsage } from './recording/write-usage.ts'
import { startUsageWriter } from './recording/writer.ts'

let app: TestRuntime
let actor: Actor
let pool: Pool
let promptId: string

beforeAll(async () => {
  // What waits is written when a test says so.
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000 } })
  pool = app.runtime.database.primary.pool
  actor = app.actor({ surface: 'mcp', client: { name: 'editor', version: '1.2' } })
  promptId = await insertPrompt('greeting')
})
afterAll(() => app.close())
beforeEach(() => pool.query('DELETE FROM prompt_usage; DELETE FROM usage_hour'))

const asOwner = (sql: string) => withClient(app.database.ownerUrl, (client) => client.query(sql))

async function insertPrompt(name: string): Promise<string> {
  const id = newId()
  const { workspaceId } = actor
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query(
      'INSERT INTO prompt_template (id, workspace_id, name, created_by, updated_by) VALUES ($1, $2, $3, $4, $4)',
      [id, workspaceId, name, actor.id],
    )
    await client.query('INSERT INTO prompt_name VALUES ($1, $2, $3, false)', [workspaceId, name, id])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
  return id
}

function pending(count: number, changes: Partial<PendingUsage> = {}): PendingUsage[] {
  const buffer = new UsageBuffer(count, app.runtime.config)
  for (let n = 0; n < count; n++)
    buffer.add(actor, {
      operation: 'render',
      prompt_id: promptId,
      version: 1,
      outcome: 'ok',
      duration_us: 100 + n,
    })
  return buffer.take(count).map((event) => ({ ...event, id: newId(), ...changes }))
}

async function total(table: string, expression: string): Promise<number> {
  const { rows } = await pool.query<{ n: string | null }>(`SELECT ${expression} AS n FROM ${table}`)
  return Number(rows[0]?.n ?? 0)
}

describe('writing usage', () => {
  it('counts a batch once, however often it is written', async () => {
    const batch = pending(50)
    await writeUsage(pool, batch)
    await writeUsage(pool, batch)
    await writeUsage(pool, [...batch, ...pending(3)])
    expect(await total('prompt_usage', 'count(*)')).toBe(53)
    expect(await total('usage_hour', 'sum(total)')).toBe(53)
    expect(await total('usage_hour, unnest(bucket_counts) AS held (n)', 'sum(held.n)')).toBe(53)
  })

  it('keeps the event of a prompt that is gone, without the prompt', async () => {
    await writeUsage(pool, [...pending(1), ...pending(1, { prompt_id: newId() })])
    expect(await total('prompt_usage', 'count(*)')).toBe(2)
    expect(await total('prompt_usage', 'count(prompt_id)')).toBe(1)
  })

  it('lets two instances write the same groups at once', async () => {
    const batches = Array.from({ length: 12 }, () => pending(40))
    await Promise.all(batches.map((batch) => writeUsage(pool, batch)))
    expect(await total('usage_hour', 'sum(total)')).toBe(480)
    expect(await total('usage_hour', 'count(*)')).toBe(1)
  })

  it('writes what was recorded when it is told to flush', async () => {
    const writer = startUsageWriter()
    recordUsage(actor, {
      operation: 'get',
      prompt_id: promptId,
      version: 1,
      label: 'production',
      outcome: 'ok',
      duration_us: 40,
    })
    recordUsage(actor, {
      operation: 'render',
      prompt_id: promptId,
      version: 1,
      outcome: 'unprocessable',
      duration_us: 90,
    })
    recordUsage(actor, { operation: 'tool', tool: 'search_prompts', outcome: 'ok', duration_us: 900 })
    expect(await writer.flush()).toBe(true)
    expect(await total('prompt_usage', 'count(*)')).toBe(3)
  })

  it('leaves out what pages read, and says how much that was', async () => {
    const writer = startUsageWriter()
    await writer.flush()
    const [uses, before] = [await total('usage_hour', 'coalesce(sum(total), 0)'), usageBuffer().pageReads]
    const page = app.actor({ surface: 'browser', client: { name: 'Firefox', version: '150.0' } })
    for (const operation of ['get', 'render'] as const)
      recordUsage(page, { operation, prompt_id: promptId, version: 1, outcome: 'ok', duration_us: 40 })
    expect(await writer.flush()).toBe(true)
    expect(await total('usage_hour', 'coalesce(sum(total), 0)')).toBe(uses)
    expect((await getStats(actor, {})).page_reads).toBe(before + 2)
  })
})

describe('an event that the database cannot take', () => {
  /** Records renders; those at some places with an id that is none, as no door lets it in. */
  function recordSome(count: number, wrong: number[]): void {
    for (let n = 0; n < count; n++)
      recordUsage(actor, {
        operation: 'render',
        prompt_id: wrong.includes(n) ? 'no id' : promptId,
        version: 1,
        outcome: 'ok',
        duration_us: 10,
      })
  }

  it.each([
    ['one alone', 1, [0]],
    ['the first', 40, [0]],
    ['the last', 40, [39]],
    ['several', 101, [3, 50, 51, 99]],
    ['all', 6, [0, 1, 2, 3, 4, 5]],
  ])('is dropped and counted, and the others are kept: %s', async (_, count, wrong) => {
    const before = usageBuffer().drops.get('refused') ?? 0
    recordSome(count, wrong)
    expect(await startUsageWriter().flush()).toBe(true)
    expect(await total('prompt_usage', 'count(*)')).toBe(count - wrong.length)
    expect(await total('usage_hour', 'sum(total)')).toBe(count - wrong.length)
    expect(usageBuffer().drops.get('refused')).toBe(before + wrong.length)
  })

  it('is told of at level warn and in /metrics', async () => {
    const warned = vi.spyOn(app.runtime.log, 'warn')
    recordSome(3, [1])
    await startUsageWriter().flush()
    expect(warned).toHaveBeenCalledWith(
      expect.objectContaining({ dropped: 1 }),
      'the database cannot take some usage events',
    )
    warned.mockRestore()
    addUsageMetrics()
    expect(await metrics().expose()).toMatch(/^incipit_usage_dropped_total\{reason="refused"\} [1-9]\d*$/m)
  })

  it('is counted once when the database fails at another in between', async () => {
    await failOn('57014')
    const before = usageBuffer().drops.get('refused') ?? 0
    recordSome(7, [0])
    recordUsage(actor, { operation: 'get', prompt_id: promptId, outcome: 'conflict', duration_us: 1 })
    expect(await startUsageWriter().flush()).toBe(false)
    await failNoMore()
    expect(await startUsageWriter().flush()).toBe(true)
    expect(await total('prompt_usage', 'count(*)')).toBe(7)
    expect(await total('usage_hour', 'sum(total)')).toBe(7)
    expect(usageBuffer().drops.get('refused')).toBe(before + 1)
  })
})

/** Lets the database fail at every event with the outcome `conflict`. */
const failOn = (sqlState: string) =>
  asOwner(`CREATE FUNCTION fail_now() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'it fails' USING ERRCODE = '${sqlState}'; END $$;
    CREATE TRIGGER fail_now BEFORE INSERT ON prompt_usage FOR EACH ROW
      WHEN (NEW.outcome = 'conflict') EXECUTE FUNCTION fail_now()`)
const failNoMore = () => asOwner('DROP FUNCTION fail_now CASCADE')

describe('an event at which the database fails again and again', () => {
  function recordWith(outcome: 'conflict' | 'ok'): void {
    recordUsage(actor, { operation: 'render', prompt_id: promptId, version: 1, outcome, duration_us: 10 })
  }
  const isWritten = async (count: number) => (await total('prompt_usage', 'count(*)')) === count

  // A statement that takes too long, something unknown, a deadlock, no memory for it.
  it.each(['57014', 'P0001', '40P01', '53200'])('is found, dropped and counted: %s', async (sqlState) => {
    await failOn(sqlState)
    try {
      const before = usageBuffer().drops.get('refused') ?? 0
      for (let n = 0; n < 30; n++) recordWith(n === 11 || n === 12 ? 'conflict' : 'ok')
      const writer = startUsageWriter()
      let rounds = 0
      while (!(await writer.flush()) && rounds < 60) rounds++
      expect(await isWritten(28)).toBe(true)
      expect(usageBuffer().drops.get('refused')).toBe(before + 2)
      expect(rounds).toBeGreaterThan(5)
    } finally {
      await failNoMore()
    }
  })

  it('holds up none that come later', async () => {
    await failOn('57014')
    try {
      const writer = startUsageWriter()
      recordWith('conflict')
      await writer.flush()
      recordWith('ok')
      await writer.flush()
      await writer.flush()
      expect(await isWritten(1)).toBe(true)
    } finally {
      await failNoMore()
      await startUsageWriter().flush()
    }
  })

  // No room, read-only, too many connections, a held lock, a server that stops.
  it.each(['53100', '25006', '53300', '55P03', '57P01'])(
    'is kept while it is about the database: %s',
    async (sqlState) => {
      await failOn(sqlState)
      const before = usageBuffer().drops.get('refused') ?? 0
      recordWith('conflict')
      const warned = vi.spyOn(app.runtime.log, 'warn')
      try {
        for (let n = 0; n < 12; n++) expect(await startUsageWriter().flush()).toBe(false)
        expect(usageBuffer().drops.get('refused')).toBe(before)
        expect(warned).toHaveBeenCalledTimes(1)
      } finally {
        warned.mockRestore()
        await failNoMore()
      }
      expect(await startUsageWriter().flush()).toBe(true)
      expect(await isWritten(1)).toBe(true)
    },
  )
})

describe('what a client calls itself', () => {
  it.each([
    ['cut within a pair', `${'a'.repeat(79)}😀`, 'a'.repeat(79)],
    ['half a pair', 'a\uD83D', 'a\uFFFD'],
    ['a NUL', 'a\0b', 'a\uFFFDb'],
    ['a name that is too long', 'x'.repeat(5000), 'x'.repeat(80)],
    ['a name that turns the text around it', '\u202Eevil\u2066', 'evil'],
  ])('%s is stored well-formed', async (_, given, stored) => {
    const named = { ...actor, request: { ...actor.request, client: { name: given, version: given } } }
    recordUsage(named, { operation: 'get', prompt_id: promptId, outcome: 'ok', duration_us: 1 })
    expect(await startUsageWriter().flush()).toBe(true)
    const { rows } = await pool.query('SELECT client_name, client_version FROM prompt_usage')
    expect(rows).toEqual([{ client_name: stored, client_version: stored }])
  })
})

describe('a full buffer', () => {
  it('drops and counts what does not fit', () => {
    const buffer = new UsageBuffer(2, app.runtime.config)
    for (let n = 0; n < 5; n++) buffer.add(actor, { operation: 'get', outcome: 'ok', duration_us: 1 })
    expect(buffer.size).toBe(2)
    expect(buffer.dropped).toBe(3)
    expect(buffer.drops.get('buffer_full')).toBe(3)
  })

  it('drops of the workspace that has the most when it is full', () => {
    const buffer = new UsageBuffer(4, app.runtime.config)
    const use = (workspaceId: string, times: number) => {
      for (let n = 0; n < times; n++)
        buffer.add({ ...actor, workspaceId }, { operation: 'get', outcome: 'ok', duration_us: 1 })
    }
    use('busy', 6)
    use('quiet', 3)
    use('busy', 1)
    expect(buffer.take(9).map((event) => event.workspace_id)).toEqual(['busy', 'busy', 'quiet', 'quiet'])
    expect(buffer.drops.get('buffer_full')).toBe(6)
    use('busy', 4)
    expect([buffer.size, buffer.dropped]).toEqual([4, 6])
  })

  it('calls clients "other" when there are too many names', () => {
    const buffer = new UsageBuffer(1000, app.runtime.config)
    for (let n = 0; n < 600; n++)
      buffer.add(
        { ...actor, request: { ...actor.request, client: { name: `c${n}` } } },
        { operation: 'get', outcome: 'ok', duration_us: 1 },
      )
    const names = new Set(buffer.take(1000).map((event) => event.client_name))
    expect(names.size).toBe(501)
    expect(names).toContain('other')
  })
})

describe('getStats', () => {
  it('answers totals, rate, percentiles and the rankings', async () => {
    await writeUsage(pool, pending(9))
    await writeUsage(
      pool,
      pending(1, {
        outcome: 'unprocessable',
        surface: 'rest',
        client_name: null,
        duration_us: 50_000,
        bucket: 47,
      }),
    )
    const stats = await getStats(actor, {})
    expect(stats.totals).toMatchObject({
      uses: 10,
      renders: 10,
      gets: 0,
      failed: 1,
      success_rate: 0.9,
      prompts: 1,
    })
    expect(stats.totals.p50_ms).toBeLessThan(0.2)
    expect(stats.totals.p95_ms).toBeGreaterThan(20)
    expect(stats.by_prompt).toMatchObject([{ name: 'greeting', uses: 10 }])
    expect(stats.by_surface).toMatchObject([
      { surface: 'mcp', uses: 9 },
      { surface: 'rest', uses: 1 },
    ])
    expect(stats.by_client).toMatchObject([
      { client: 'editor', uses: 9 },
      { client: null, uses: 1 },
    ])
    expect(Date.parse(stats.totals.last_used_at ?? '')).toBeGreaterThan(Date.now() - 60_000)
  })

  it('filters by prompt, surface, client and time', async () => {
    await writeUsage(pool, pending(4))
    await writeUsage(pool, pending(2, { prompt_id: null, surface: 'browser', client_name: 'web' }))
    expect((await getStats(actor, { prompt: 'greeting' })).totals.uses).toBe(4)
    expect((await getStats(actor, { surface: 'browser' })).totals.uses).toBe(2)
    expect((await getStats(actor, { client: 'web' })).totals.uses).toBe(2)
    expect((await getStats(actor, { to: '2026-01-01T00:00:00Z' })).totals).toMatchObject({
      uses: 0,
      success_rate: null,
      p50_ms: null,
    })
  })

  it('refuses an empty range, an unknown prompt and an actor without the scope', async () => {
    await expect(
      getStats(actor, { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(getStats(actor, { prompt: 'nobody' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(getStats(actorLike(actor, { scopes: new Set() }), {})).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})

describe('upkeep', () => {
  it('makes partitions ahead, drops old ones and expired keys', async () => {
    await pool.query(`SELECT ensure_usage_partitions('2020-01-01', 1)`)
    await pool.query(
      `INSERT INTO idempotency_key VALUES ($1, $2, 'POST /x', 'k', 'h', '{}', now(), now() - interval '1 minute')`,
      [actor.workspaceId, actor.id],
    )
    const now = new Date('2026-03-01T10:00:00Z')
    await makePartitions(now)
    expect(await expireUsage(now)).toBe(false)
    expect(await expireKeys()).toBe(false)
    const { rows } = await pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname ~ '^prompt_usage_20(20|2603)' AND relkind = 'r' ORDER BY relname`,
    )
    expect(rows.map((row) => row.name)).toEqual([
      'prompt_usage_20260301',
      'prompt_usage_20260302',
      'prompt_usage_20260303',
      'prompt_usage_20260304',
    ])
    expect(await total('idempotency_key', 'count(*)')).toBe(0)
  })
})
