import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfiguration } from '#lib/ai/operations/create-configuration.ts'
import { giveSignOfLife } from '#lib/health/instances.ts'
import { setRuntime } from '#lib/runtime.ts'
import { type FreshDatabase, freshDatabase, withClient } from '#lib/testing/database.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { makePartitions } from '#lib/usage/recording/partitions.ts'
import { startThrowawayPostgres } from '../../embedded-postgres/start.mjs'
import { root } from '../../root.mjs'
import { runAdmin } from '../run-admin.ts'
import { upkeepCommands } from '../upkeep.ts'
import { checkClock } from './database.ts'
import { examine } from './doctor.ts'
import { checkNode, judgeRoom } from './machine.ts'

const SIGNING_KEY = `signkey-test-${'ab12'.repeat(16)}`
const SECRET = 'a secret of the installation that is long enough'

let app: TestRuntime
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-doctor-'))
  app = await testRuntime({ secret: SECRET })
  await makePartitions()
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const settings = (more: Record<string, string> = {}) => ({
  DATABASE_URL: app.database.url,
  INCIPIT_DATA_DIR: folder,
  INCIPIT_SECRET: SECRET,
  ...more,
})

/** What is found with these settings, by its checks. */
async function doctor(environment: Record<string, string>, databaseProblem?: string) {
  await giveSignOfLife()
  try {
    const findings = await examine({ root, environment, databaseProblem })
    const hasProblem = findings.some(({ status }) => status === 'problem')
    return { hasProblem, findings, of: (check: string) => findings.filter((each) => each.check === check) }
  } finally {
    // It looks at secrets with a runtime of its own.
    setRuntime(app.runtime)
  }
}

const asOwner = <T>(work: Parameters<typeof withClient<T>>[1]) => withClient(app.database.ownerUrl, work)

describe('the doctor', () => {
  it('has an exit code that tells whether there is a problem', async () => {
    await giveSignOfLife()
    const well = await runAdmin(['doctor', '--json'], settings())
    expect(well).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(well.stdout)).toMatchObject({ healthy: true })
    const away = { INCIPIT_DATA_DIR: folder, INCIPIT_DATABASE_PROBLEM: 'the disk has gone' }
    const ill = await runAdmin(['doctor'], away)
    expect(ill.code).toBe(1)
    expect(ill.stdout).toMatch(/PROBLEM {2}database .*the disk has gone\n +→ Start Incipit, which/)
  })

  it('finds nothing wrong with what is right', async () => {
    const { hasProblem, findings } = await doctor(settings())
    expect(hasProblem).toBe(false)
    expect(findings.filter(({ status }) => status !== 'ok').map(({ check }) => check)).toEqual(['backups'])
    const checks = new Set(findings.map(({ check }) => check))
    for (const check of ['rights', 'clock', 'connections', 'secret', 'partitions', 'runner', 'migrations'])
      expect(checks).toContain(check)
  })

  it('says so of a role without rights, in words that name what to do', async () => {
    await asOwner((client) => client.query('REVOKE DELETE ON category FROM incipit_app'))
    try {
      const { hasProblem, of } = await doctor(settings())
      expect(hasProblem).toBe(true)
      expect(of('rights')).toMatchObject([
        {
          status: 'problem',
          seen: 'The role "incipit_app" may not use category.',
          document: 'docs/databases.md, "Rights"',
        },
      ])
      expect(of('rights')[0]?.remedy).toContain('database.migrate_url')
    } finally {
      await asOwner((client) => client.query('GRANT DELETE ON category TO incipit_app'))
    }
  })

  it('says so of one role for everything, and of rights that nobody needs', async () => {
    const { hasProblem, of } = await doctor(settings({ DATABASE_URL: app.database.ownerUrl }))
    expect(hasProblem).toBe(false)
    expect(of('rights')).toMatchObject([{ status: 'warning' }])
    await asOwner((client) => client.query('GRANT TRUNCATE ON audit_event TO incipit_app'))
    try {
      expect((await doctor(settings())).of('rights')[0]?.seen).toContain('TRUNCATE ON audit_event')
    } finally {
      await asOwner((client) => client.query('REVOKE TRUNCATE ON audit_event FROM incipit_app'))
    }
  })

  it('says so of a pool that is larger than the server', async () => {
    const { hasProblem, of } = await doctor(settings({ INCIPIT_DATABASE_POOL_SIZE: '900' }))
    expect(hasProblem).toBe(true)
    expect(of('connections')).toMatchObject([{ status: 'problem' }])
    expect(of('connections')[0]?.seen).toContain('With these settings an instance opens 915.')
    expect(of('connections')[0]?.remedy).toMatch(
      /Lower database\.pool_size and database\.max_overflow to \d+ together/,
    )
  })

  it('says so of a replica that is stopped, and of one that runs', async () => {
    const standby = await startThrowawayPostgres()
    const environment = settings({ INCIPIT_DATABASE_REPLICAS: standby.ownerUrl })
    try {
      expect((await doctor(environment)).of('replica')).toMatchObject([{ status: 'ok' }])
    } finally {
      await standby.stop()
    }
    const { hasProblem, of } = await doctor(environment)
    expect(hasProblem).toBe(true)
    expect(of('replica')).toMatchObject([{ status: 'problem' }])
  })

  it('says so of another secret than that of the database, and makes none', async () => {
    await createConfiguration(app.actor(), {
      name: 'sealed',
      provider: 'openai',
      model: 'm',
      api_key: 'sk-sealed-for-the-doctor',
    })
    expect((await doctor(settings())).of('secret')).toMatchObject([{ status: 'ok' }])
    for (const secret of ['another secret that is long enough too', '']) {
      const { hasProblem, of } = await doctor(settings({ INCIPIT_SECRET: secret }))
      expect(hasProblem).toBe(true)
      expect(of('secret')).toMatchObject([{ status: 'problem' }])
      expect(of('secret')[0]?.seen).not.toContain(SECRET)
    }
    expect(
      (
        await doctor(
          settings({
            INCIPIT_SECRET_PREVIOUS: SECRET,
            INCIPIT_SECRET: 'a new secret, which is long enough as well',
          }),
        )
      ).of('secret'),
    ).toMatchObject([{ status: 'ok' }])
  })

  it('says so of instances on several hosts that have no secret in common', async () => {
    await asOwner((client) =>
      client.query(
        `INSERT INTO instance (id, host, pid, version, node, connections, secret, clock_ms, started_at, seen_at)
         VALUES (gen_random_uuid(), 'elsewhere', 1, '0.0.1', '26.0.0', 25, 'file', 45000, now(), now() + interval '1 hour')`,
      ),
    )
    try {
      const { of } = await doctor(settings())
      expect(of('secret').find(({ status }) => status === 'warning')?.seen).toContain('elsewhere')
      expect(of('instances')).toMatchObject([{ status: 'warning' }])
      expect(of('clock')).toMatchObject([{ status: 'problem' }])
      expect(of('clock')[0]?.seen).toContain('the instance 1 on elsewhere')
    } finally {
      await asOwner((client) => client.query(`DELETE FROM instance WHERE host = 'elsewhere'`))
    }
  })

  it('says so of partitions that are missing, and the command that it names makes them', async () => {
    await asOwner(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT 'prompt_usage_' || to_char((now() AT TIME ZONE 'UTC')::date, 'YYYYMMDD') AS name`,
      )
      await client.query(`DROP TABLE ${rows[0]?.name}`)
    })
    const { hasProblem, of } = await doctor(settings())
    expect(hasProblem).toBe(true)
    expect(of('partitions')).toMatchObject([{ status: 'problem' }])
    expect(of('partitions')[0]?.remedy).toContain('upkeep run make_partitions')
    await upkeepCommands['upkeep run'].run(app.actor(), { values: ['make_partitions'], options: {} })
    expect((await doctor(settings())).of('partitions')).toMatchObject([{ status: 'ok' }])
  })

  it('says so of upkeep that is late, and of messages that are refused', async () => {
    const { workspaceId } = app.identity
    await asOwner(async (client) => {
      await client.query(
        `INSERT INTO upkeep VALUES ('expire_usage', now() - interval '1 day') ON CONFLICT (step) DO UPDATE SET succeeded_at = excluded.succeeded_at`,
      )
      await client.query(
        `INSERT INTO outbox (workspace_id, id, target, subject, name, data, tries, written_at, due_at)
         VALUES ($1, 'poisoned', 'jobs', 's', 'generation/requested', '{}', 1000, now(), now())`,
        [workspaceId],
      )
    })
    const { hasProblem, of } = await doctor(settings())
    expect(hasProblem).toBe(true)
    expect(of('upkeep')[0]?.seen).toContain('expire_usage')
    expect(of('outbox')).toMatchObject([{ status: 'problem' }])
    await asOwner((client) =>
      client.query(`DELETE FROM outbox; DELETE FROM upkeep WHERE step = 'expire_usage'`),
    )
  })

  it('says so of migrations that are missing, and of those of a newer version', async () => {
    const empty: FreshDatabase = await freshDatabase({ migrated: false })
    try {
      const { of } = await doctor(settings({ DATABASE_URL: empty.url }))
      expect(of('migrations')).toMatchObject([{ status: 'warning' }])
    } finally {
      await empty.drop()
    }
    await asOwner((client) =>
      client.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_newer', now())`,
      ),
    )
    try {
      expect((await doctor(settings())).of('migrations')).toMatchObject([{ status: 'problem' }])
    } finally {
      await asOwner((client) => client.query(`DELETE FROM _prisma_migrations WHERE id = 'x'`))
    }
  })

  it('says so of an Inngest server that is not there', async () => {
    const { of } = await doctor(
      settings({
        INNGEST_BASE_URL: 'http://127.0.0.1:1',
        INNGEST_EVENT_KEY: 'event-key',
        INNGEST_SIGNING_KEY: SIGNING_KEY,
      }),
    )
    expect(
      of('runner')
        .map(({ seen }) => seen)
        .join('\n'),
    ).toMatch(/127\.0\.0\.1:1 cannot be reached[^]*has never called/)
  })

  it('asks an Inngest server whether it knows the functions', async () => {
    const ids = ['run-generation', 'run-batch', 'check-in'].map((name) => `incipit-${name}`)
    const shown: (string | undefined)[] = []
    let answer: { status: number; body: unknown }
    const server = createServer((request, response) => {
      shown.push(`${request.url} ${request.headers.authorization}`)
      response.writeHead(answer.status).end(JSON.stringify(answer.body))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const runner = async (status: number, body: unknown) => {
      answer = { status, body }
      const { of } = await doctor(
        settings({
          INNGEST_BASE_URL: `http://127.0.0.1:${port}`,
          INNGEST_EVENT_KEY: 'event-key',
          INNGEST_SIGNING_KEY: SIGNING_KEY,
        }),
      )
      return of('runner').map(({ seen }) => seen)
    }
    await asOwner((client) =>
      client.query(`INSERT INTO upkeep (step, succeeded_at) VALUES ('inngest_check_in', clock_timestamp())`),
    )
    try {
      const all = ids.map((id, n) => ({ internal_id: String(n), id, name: id }))
      expect(await runner(200, all)).toEqual([
        expect.stringContaining('An Inngest server calls the functions'),
      ])
      const lacks = `The Inngest server 127.0.0.1:${port} does not know these functions: `
      expect(await runner(200, all.slice(1))).toEqual([`${lacks}${ids[0]}.`])
      // Of an app that it does not know.
      expect(await runner(200, null)).toEqual([`${lacks}${ids.join(', ')}.`])
      expect(await runner(401, {})).toEqual([expect.stringContaining('refuses the signing key')])
      // One that does not tell is no problem: whether it calls is seen by its calls.
      expect(await runner(404, 'no such page')).toEqual([expect.stringContaining('calls the functions')])
      const hash = createHash('sha256')
        .update(Buffer.from('ab12'.repeat(16), 'hex'))
        .digest('hex')
      expect(new Set(shown)).toEqual(new Set([`/v1/apps/incipit/functions Bearer signkey-test-${hash}`]))
    } finally {
      await asOwner((client) => client.query(`DELETE FROM upkeep WHERE step = 'inngest_check_in'`))
      await new Promise((resolve) => void server.close(resolve))
    }
  })

  it('works while the database is away, and while the settings are wrong', async () => {
    const away = await doctor(settings({ DATABASE_URL: 'postgresql://incipit:not-told@127.0.0.1:1/incipit' }))
    expect(away.hasProblem).toBe(true)
    expect(away.of('database')).toMatchObject([{ status: 'problem' }])
    expect(JSON.stringify(away.findings)).not.toContain('not-told')
    const told = await doctor({ INCIPIT_DATA_DIR: folder }, 'the disk has gone')
    expect(told.of('database')[0]?.seen).toContain('the disk has gone')
    expect((await doctor(settings({ PORT: 'many' }))).of('settings')).toMatchObject([{ status: 'problem' }])
  })

  it('looks at the disk of a data folder that is not there yet', async () => {
    const { of } = await doctor(settings({ INCIPIT_DATA_DIR: path.join(folder, 'none', 'yet') }))
    expect(of('disk').map(({ status, seen }) => [status, seen])).toEqual([
      ['ok', expect.stringContaining('is not there yet')],
      ['ok', expect.stringContaining('are free on the disk')],
    ])
  })

  it.each([
    ['an open address', { INCIPIT_SECURITY_ALLOW_OPEN: '1', HOST: '0.0.0.0' }, /everybody who reaches/],
    ['plain http', { INCIPIT_URL: 'http://prompts.example.org' }, /plain http/],
    ['a proxy that is not named', { INCIPIT_URL: 'https://prompts.example.org' }, /names no proxy/],
    ['proxies everywhere', { INCIPIT_SECURITY_TRUSTED_PROXIES: '0.0.0.0/0' }, /names every address/],
  ])('tells of %s', async (_what, more, seen) => {
    const { findings: found } = await doctor(settings(more))
    expect(
      found
        .filter(({ check }) => check === 'address')
        .map((each) => each.seen)
        .join('\n'),
    ).toMatch(seen)
  })
})

/* What cannot be had for real: a wrong clock of the server, a full disk, an old Node. */
describe('a check', () => {
  it.each([
    [0, 'ok'],
    [-5_000, 'warning'],
    [90_000, 'problem'],
  ])('of a clock that is %d ms ahead answers %s', (ms, status) => {
    const now = Date.now()
    const facts = { now: now - ms }
    const subject = { facts, readAt: now, instances: [] } as unknown as Parameters<typeof checkClock>[0]
    expect(checkClock(subject)).toMatchObject([{ status }])
  })

  it.each([
    [1e8, 'problem'],
    [1e9, 'warning'],
    [1e11, 'ok'],
  ])('of %d free bytes answers %s', (free, status) =>
    expect(judgeRoom(free, 'the data')).toMatchObject({ status }),
  )

  it('of an old Node names the releases that are better', () => {
    expect(checkNode('22.19.0')).toMatchObject([{ status: 'warning' }])
  })
})

it('names documents and headings that there are', () => {
  const folder = import.meta.dirname
  const named = readdirSync(folder)
    .filter((file) => !file.endsWith('test.ts'))
    .flatMap((file) => [
      ...readFileSync(path.join(folder, file), 'utf8').matchAll(/(docs\/[a-z-]+\.md)(?:, "([^"]+)")?/g),
    ])
  expect(named.length).toBeGreaterThan(10)
  const missing = named.filter(([, file = '', heading]) => {
    const text = readFileSync(path.join(root, file), 'utf8')
    const headings = text.split('\n').map((line) => line.replace(/^#+ /, ''))
    return heading !== undefined && !headings.includes(heading)
  })
  expect(missing).toEqual([])
})
