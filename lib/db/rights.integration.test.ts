import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { superuser } from '../../scripts/embedded-postgres/server-files.mjs'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { ROOT, withClient } from '../testing/database.ts'
import { makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { expireUsage } from '../usage/expire-usage.ts'
import { makePartitions } from '../usage/recording/partitions.ts'
import { rightsTooWide } from './held-rights.ts'
import { migrate } from './migrations/migrate.ts'
import { prepareDatabase } from './prepare.ts'
import { APPEND_ONLY, assertMayMigrate, checkRuntimeRights, grantRights } from './rights.ts'

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

describe('rights that are wider than needed', () => {
  const tooWide = () => withClient(app.database.url, (client) => rightsTooWide(client, 'incipit_app'))
  const grant = () => withClient(app.database.ownerUrl, (client) => grantRights(client, 'incipit_app'))

  it.each([
    'GRANT ALL ON ALL TABLES IN SCHEMA public TO incipit_app',
    'GRANT UPDATE, DELETE ON audit_event TO incipit_app',
    'GRANT TRUNCATE ON category TO incipit_app',
    'GRANT UPDATE (action) ON audit_event TO incipit_app',
    'GRANT INSERT ON _prisma_migrations TO incipit_app',
    'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO incipit_app',
  ])('are taken by the next start: %s', async (statement) => {
    await asOwner(statement)
    expect(await tooWide()).not.toEqual([])
    await grant()
    expect(await tooWide()).toEqual([])
    await expect(withClient(app.database.url, checkRuntimeRights)).resolves.toMatchObject({ isOwner: false })
  })

  it('are warned of when they cannot be taken', async () => {
    await asOwner('GRANT DELETE ON audit_event TO PUBLIC')
    const warn = vi.spyOn(app.runtime.log, 'warn')
    try {
      await prepareDatabase(app.runtime)
      expect(warn).toHaveBeenCalledWith(
        { role: 'incipit_app', rights: ['DELETE ON audit_event'] },
        expect.stringContaining('REVOKE'),
      )
      await asOwner('REVOKE DELETE ON audit_event FROM PUBLIC')
      warn.mockClear()
      await prepareDatabase(app.runtime)
      expect(warn).not.toHaveBeenCalled()
    } finally {
      warn.mockRestore()
    }
  })

  it('are not given to a table that comes later', async () => {
    await grant()
    await asOwner('CREATE TABLE later_event (n integer)')
    try {
      await asApp('INSERT INTO later_event VALUES (1)')
      await expect(asApp('UPDATE later_event SET n = 2')).rejects.toMatchObject({ code: '42501' })
      await expect(asApp('DELETE FROM later_event')).rejects.toMatchObject({ code: '42501' })
    } finally {
      await asOwner('DROP TABLE later_event')
    }
  })
})

describe('a role that migrates and is not the owner', () => {
  const id = process.pid
  const [owner, member] = [`owner_${id}`, `member_${id}`]
  const as = (role: string) => {
    const url = new URL(app.database.ownerUrl)
    url.username = role
    return url.href
  }
  const asSuperuser = (sql: string): Promise<pg.QueryResult> =>
    withClient(as(superuser), (client) => client.query(sql))

  // The tables belong to a role of their own, of which another one is a member.
  beforeAll(async () => {
    await asSuperuser(`CREATE ROLE ${owner} LOGIN; CREATE ROLE ${member} LOGIN IN ROLE ${owner};
      GRANT USAGE, CREATE ON SCHEMA public TO ${owner}`)
    const { rows } = await asSuperuser(`
      SELECT format('ALTER TABLE %s OWNER TO ${owner};', oid::regclass) AS statement FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO ${owner};', p.oid::regprocedure) FROM pg_proc p
        WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
          SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`)
    await asSuperuser(rows.map(({ statement }) => statement).join(' '))
  })
  afterAll(() =>
    asSuperuser(
      `REASSIGN OWNED BY ${owner} TO incipit; DROP OWNED BY ${owner}; DROP ROLE ${member}, ${owner}`,
    ),
  )

  it.each([
    ['a member of the owner', () => as(member)],
    ['a superuser', () => as(superuser)],
  ])('gives the rights as %s', async (_, url) => {
    await asSuperuser(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM incipit_app;
      GRANT TRUNCATE ON audit_event TO incipit_app`)
    await expect(withClient(app.database.url, checkRuntimeRights)).rejects.toThrow('may not use')
    await migrate(url(), ROOT, { grantTo: 'incipit_app' })
    await expect(withClient(app.database.url, checkRuntimeRights)).resolves.toMatchObject({ isOwner: false })
    await expect(
      withClient(app.database.url, (client) => rightsTooWide(client, 'incipit_app')),
    ).resolves.toEqual([])
  })

  it('is not told to own the database when the tables belong to somebody else', async () => {
    const told = withClient(app.database.url, assertMayMigrate)
    await expect(told).rejects.toThrow(`belong to the role "${owner}"`)
    await expect(told).rejects.toThrow(`GRANT "${owner}" TO "incipit_app";`)
    await expect(told).rejects.not.toThrow('ALTER DATABASE')
  })
})

describe('even their owner', () => {
  it.each(APPEND_ONLY)('is refused UPDATE, DELETE and TRUNCATE of %s', async (table) => {
    await asOwner(`SELECT FROM ${table}`)
    await expect(asOwner(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(/is refused/)
  })
})
