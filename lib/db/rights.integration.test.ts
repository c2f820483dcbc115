import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { withClient } from '../testing/database.ts'
import { makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { expireUsage } from '../usage/operations/expire-usage.ts'
import { makePartitions } from '../usage/operations/make-partitions.ts'
import { APPEND_ONLY, checkRuntimeRights } from './rights.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  await makePrompt(app.actor(), { name: 'kept', template_content: 'Hello.' })
})
afterAll(() => app.close())

const asApp = (sql: string): Promise<pg.QueryResult> => app.runtime.database.primary.pool.query(sql)
const asOwner = (sql: string): Promise<pg.QueryResult> =>
  withClient(app.database.ownerUrl, (client) => client.query(sql))

describe('the role that serves', () => {
  it('owns nothing', async () => {
    const { rows } = await asApp(
      `SELECT (SELECT count(*)::int FROM pg_class WHERE relowner = current_user::regrole) AS tables,
        (SELECT count(*)::int FROM pg_proc WHERE proowner = current_user::regrole) AS functions, current_user AS role`,
    )
    expect(rows[0]).toEqual({ tables: 0, functions: 0, role: 'incipit_app' })
  })

  it.each(APPEND_ONLY)('neither changes, deletes, empties nor alters %s', async (table) => {
    for (const statement of [
      `UPDATE ${table} SET workspace_id = workspace_id`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table} CASCADE`,
      `ALTER TABLE ${table} DISABLE TRIGGER USER`,
      `DROP TABLE ${table} CASCADE`,
    ])
      await expect(asApp(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it.each([
    'TRUNCATE category CASCADE',
    'ALTER TABLE category ADD COLUMN x int',
    'CREATE TABLE mine (n int)',
    'CREATE SCHEMA mine',
    'DELETE FROM _prisma_migrations',
    `SET session_replication_role = replica`,
  ])('may not: %s', async (statement) => {
    await expect(asApp(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it('redacts a version and keeps partitions by functions that run as their owner', async () => {
    await redactVersion(app.actor(), { name: 'kept', version: 1 })
    await asOwner(
      `CREATE TABLE prompt_usage_20200101 PARTITION OF prompt_usage FOR VALUES FROM ('2020-01-01 00:00Z') TO ('2020-01-02 00:00Z')`,
    )
    await makePartitions()
    await expireUsage()
    const { rows } = await asOwner(`SELECT to_regclass('prompt_usage_20200101') AS old,
      (SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'prompt_usage'::regclass) AS partitions`)
    expect(rows[0].old).toBeNull()
    expect(rows[0].partitions).toBeGreaterThan(1)
  })

  it('is not let start without one of those functions', async () => {
    const start = () => withClient(app.database.url, checkRuntimeRights)
    await expect(start()).resolves.toMatchObject({ isOwner: false })
    const name = 'FUNCTION hold_prompt_version(uuid, uuid, integer)'
    const { role } = await start()
    await asOwner(`REVOKE EXECUTE ON ${name} FROM ${role}`)
    await expect(start()).rejects.toThrow('hold_prompt_version()')
    await asOwner(`GRANT EXECUTE ON ${name} TO ${role}`)
  })

  it('calls those functions with a search path that it cannot choose', async () => {
    const { rows } = await asOwner(
      `SELECT proname AS name, proconfig AS config FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
       AND proowner = current_user::regrole ORDER BY proname`,
    )
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['drop_usage_partitions', 'ensure_usage_partitions', 'redact_prompt_version']),
    )
    for (const { config } of rows) expect(config).toContain('search_path=public, pg_temp')
  })
})

describe('even their owner', () => {
  it.each(APPEND_ONLY)('is refused UPDATE, DELETE and TRUNCATE of %s', async (table) => {
    await asOwner(`SELECT FROM ${table}`)
    await expect(asOwner(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(/is refused/)
  })
})
