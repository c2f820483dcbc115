import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { RequestRecord } from '../door/message.ts'
import { problemAnswer } from '../door/problem.ts'
import { checkReadiness } from '../health/check-health.ts'
import type { Readiness } from '../health/schema.ts'
import { toRpcError } from '../mcp/errors.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { withClient } from '../testing/database.ts'
import { uniqueName } from '../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { onPrimary } from './read.ts'

let app: TestRuntime
const LOCK_MS = 300

beforeAll(async () => {
  app = await testRuntime({
    feed: true,
    connections: {
      lock_timeout_ms: LOCK_MS,
      pool_timeout: 1,
      statement_timeout_ms: 10_000,
      query_timeout_ms: 10_500,
    },
  })
})
afterAll(() => app.close())

const create = () => createPrompt(app.actor(), { name: uniqueName(), template_content: 'Hello.' })

/** Runs a statement as the owner of the tables, which the app's role is not. */
const asOwner = (sql: string) => withClient(app.database.ownerUrl, (client) => client.query(sql))

async function countPrompts(): Promise<number> {
  const { rows } = await asOwner('SELECT count(*)::int AS count FROM prompt_template')
  return rows[0].count
}

const REQUEST = {
  id: 'r1',
  record: new RequestRecord(),
  method: 'POST',
  path: '/api/prompts',
  search: '',
  header: () => undefined,
  readBody: () => Promise.resolve(new Uint8Array()),
}
const Problem = z.object({ code: z.string(), detail: z.string() })
const RpcData = z.object({ code: z.string(), retry_after: z.number() })

/** What was thrown, at the doors: HTTP status, code, Retry-After in seconds, and the code that MCP tells. */
async function refusalOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const { status, headers, body } = problemAnswer(error, REQUEST)
  const problem = Problem.parse(JSON.parse(String(body)))
  const rpc = RpcData.parse(toRpcError(error, 'r1').data)
  return {
    status,
    code: problem.code,
    isRetryable: Number(headers['retry-after']) > 0 && rpc.retry_after > 0,
    mcp: rpc.code,
    message: problem.detail,
  }
}

describe('case 37: what a database that answers refuses', () => {
  it.each<[string, string, Partial<Readiness['checks']>, Readiness['status']]>([
    ['53100', 'storage_full', { disk: 'full' }, 'not_ready'],
    ['58030', 'storage_full', { disk: 'full' }, 'not_ready'],
    ['25006', 'read_only', { changes: 'read_only' }, 'not_ready'],
    ['53200', 'overloaded', { connections: 'used_up' }, 'ready'],
    ['53400', 'overloaded', { connections: 'used_up' }, 'ready'],
    ['55P03', 'lock_timeout', { locks: 'held' }, 'ready'],
  ])('%s is %s, which readiness tells, and passes without a loss', async (sqlstate, code, check, status) => {
    await vi.waitFor(() => expect(app.runtime.feed.ready).toBe(true), 10_000)
    await create()
    const before = await countPrompts()
    await asOwner(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '${sqlstate}'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse()`)
    const told = await refusalOf(create())
    expect(told).toMatchObject({ status: 503, code, isRetryable: true, mcp: code })
    expect(told.message).not.toContain('does not answer')
    expect(checkReadiness()).toMatchObject({ checks: { database: 'up', ...check } })
    // A read-only database is connected to anew, and so is the channel of changes.
    await vi.waitFor(() => expect(app.runtime.feed.ready).toBe(true), 10_000)
    expect(checkReadiness().status).toBe(status)
    await asOwner('DROP TRIGGER refuse ON audit_event')
    await create()
    expect(checkReadiness().checks).toMatchObject({ disk: 'ok', changes: 'ok' })
    expect(await countPrompts()).toBe(before + 1)
  })

  it('a lock that is held for too long is lock_timeout', async () => {
    await withClient(app.database.ownerUrl, async (client) => {
      await client.query('BEGIN; SELECT FROM workspace FOR UPDATE')
      expect(await refusalOf(create())).toMatchObject({ status: 503, code: 'lock_timeout' })
      await client.query('ROLLBACK')
    })
    await create()
  })

  it('a pool that is used up is overloaded, while the database is up', async () => {
    const { pool } = app.runtime.database.primary
    const held = await Promise.all(Array.from({ length: 8 }, () => pool.connect()))
    expect(await refusalOf(create())).toMatchObject({ status: 503, code: 'overloaded' })
    expect(await refusalOf(onPrimary((primary) => primary.pool.query('SELECT')))).toMatchObject({
      status: 503,
      code: 'overloaded',
    })
    expect(checkReadiness().checks).toMatchObject({ database: 'up', connections: 'used_up' })
    for (const client of held) client.release()
    await create()
  })

  it('a burst that is more than the database can take is refused as what it is, and what was answered is kept', async () => {
    const before = await countPrompts()
    const asked = await Promise.allSettled(Array.from({ length: 400 }, () => create()))
    const refused = asked.filter((each) => each.status === 'rejected')
    // Changes of one workspace wait for each other as well: here no longer than LOCK_MS.
    const truths = ['overloaded', 'lock_timeout']
    expect(refused.filter(({ reason }) => !truths.includes(String(reason.code)))).toEqual([])
    for (const { reason } of refused) expect(reason.retryAfter).toBeGreaterThan(0)
    expect(await countPrompts()).toBe(before + asked.length - refused.length)
  })

  it('a server without a connection to spare is waited for with those that the pool has', async () => {
    const { pool } = app.runtime.database.primary
    app.runtime.database.primary.renew()
    // The change feed looks once a second: it may have one again.
    await vi.waitFor(() => expect(pool.totalCount).toBeLessThanOrEqual(2), 10_000)
    await pool.query('SELECT')
    // The server's own workers, such as autovacuum, need no connection to spare.
    const { rows } = await asOwner(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend'`,
    )
    // The owner's own connection is one of those that were counted.
    await asOwner(`ALTER DATABASE ${app.database.name} CONNECTION LIMIT ${rows[0].count - 1}`)
    try {
      const asked = Array.from({ length: 20 }, () => onPrimary((primary) => primary.pool.query('SELECT')))
      expect(await Promise.all(asked)).toHaveLength(20)
    } finally {
      const elsewhere = app.database.ownerUrl.replace(app.database.name, 'postgres')
      await withClient(elsewhere, (client) =>
        client.query(`ALTER DATABASE ${app.database.name} CONNECTION LIMIT -1`),
      )
    }
  })

  it('a primary that turned read-only is connected to anew until one takes changes', async () => {
    await asOwner(`ALTER DATABASE ${app.database.name} SET default_transaction_read_only = on`)
    app.runtime.database.primary.renew()
    await vi.waitFor(
      async () => expect(await refusalOf(create())).toMatchObject({ code: 'read_only' }),
      10_000,
    )
    await asOwner(
      `BEGIN READ WRITE; ALTER DATABASE ${app.database.name} RESET default_transaction_read_only; COMMIT`,
    )
    // The connections that were made meanwhile stay read-only: only new ones can help.
    await vi.waitFor(() => create(), 20_000)
  })
})
