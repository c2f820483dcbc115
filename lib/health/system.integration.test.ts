import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { listAudit } from '../audit/operations/list-audit.ts'
import { createLog } from '../log.ts'
import { withClient } from '../testing/database.ts'
import { refusal } from '../testing/refusal.ts'
import { actorLike, type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { startUpkeep } from '../upkeep/upkeep.ts'
import { giveSignOfLife, readInstances, startHeartbeat } from './instances.ts'
import { dropMessage } from './operations/drop-message.ts'
import { readSystem } from './operations/read-system.ts'
import { resendMessage } from './operations/resend-message.ts'
import { System } from './system-schema.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { instance_ms: 1000 } })
})
afterAll(() => app.close())

const pool = () => app.runtime.database.primary.pool

describe('the state of the system', () => {
  it('has all parts, as its schema says, for who looks after it alone', async () => {
    await giveSignOfLife()
    startUpkeep([{ name: 'a_step', everyMs: 60_000, run: () => Promise.resolve() }])
    app.runtime.log.error('this is silent')
    const system = await readSystem(app.actor())
    expect(System.parse(system)).toEqual(system)
    expect(system).toMatchObject({
      checks: { database: 'up' },
      database: { migrations: { pending: [], unknown: [] }, connections: { own: { most: 8 } } },
      instances: [{ id: system.app.id, pid: process.pid, secret: expect.any(String) }],
      work: { queue: { queued: 0 }, outbox: { poisoned: 0 }, upkeep: [{ step: 'a_step', failures: 0 }] },
    })
    // One clock; what differs is how long the machine let the question wait.
    expect(Math.abs(system.instances?.[0]?.clock_ms ?? 99_999)).toBeLessThan(30_000)
    const viewer = actorLike(app.actor(), { role: 'viewer' })
    expect(await refusal(readSystem(viewer))).toMatchObject({ code: 'forbidden' })
  })

  it('tells the last warnings and errors without secrets', () => {
    const log = createLog(
      { level: 'info', format: 'json' },
      { write: () => undefined },
      { line: (text) => app.runtime.recent.note(text) },
    )
    log.info('nothing')
    log.error({ err: new Error('failed with sk-never-to-be-seen'), request_id: 'r1' }, 'a request failed')
    const [last, ...others] = app.runtime.recent.list()
    expect(last).toMatchObject({ level: 'error', message: 'a request failed', request_id: 'r1' })
    expect(last?.error).toBe('Error: failed with sk-***')
    expect(others.map(({ message }) => message)).not.toContain('nothing')
    for (let n = 0; n < 60; n++) log.warn(`warning ${n}`)
    expect(app.runtime.recent.list()).toHaveLength(50)
    expect(app.runtime.recent.list()[0]?.message).toBe('warning 59')
  })

  it('tells of a statement that took long by its name', async () => {
    await pool().query({ name: 'test.slow', text: 'SELECT pg_sleep($1::float8)', values: [0.25] })
    const { slow_statements } = await readSystem(app.actor())
    expect(slow_statements.find(({ name }) => name === 'test.slow')?.milliseconds).toBeGreaterThanOrEqual(240)
  })

  it('says null for what a database that is away would tell', async () => {
    const { availability } = app.runtime.database
    const down = vi.spyOn(availability, 'down', 'get').mockReturnValue(true)
    const up = vi.spyOn(availability, 'up', 'get').mockReturnValue(false)
    try {
      expect(await readSystem(app.actor())).toMatchObject({
        checks: { database: 'down' },
        database: null,
        instances: null,
        work: null,
      })
    } finally {
      down.mockRestore()
      up.mockRestore()
    }
  })
})

describe('instances', () => {
  it('come with their first sign of life, and go when they are silent, killed or stopped', async () => {
    await giveSignOfLife()
    const [own] = await readInstances(pool(), 1000)
    await pool().query(
      `INSERT INTO instance SELECT gen_random_uuid(), host, pid, version, commit, node, connections, secret, clock_ms,
         started_at, clock_timestamp() - age FROM instance, (VALUES (interval '1 second'), ('5 seconds'), ('1 minute')) as old (age)`,
    )
    expect(await readInstances(pool(), 1000)).toHaveLength(2)
    await giveSignOfLife()
    const { rows } = await pool().query('SELECT FROM instance')
    // The one that has been silent for a minute is forgotten.
    expect(rows).toHaveLength(3)
    await pool().query('DELETE FROM instance WHERE id <> $1', [own?.id])
  })
})

describe('a message that was refused again and again', () => {
  it('is sent again once, on record', async () => {
    await pool().query(
      `INSERT INTO outbox (workspace_id, id, target, subject, name, data, tries, written_at, due_at)
       VALUES ($1, 'm1', 'jobs', 's', 'generation/requested', '{}', 1000, now(), now())`,
      [app.identity.workspaceId],
    )
    const { work } = await readSystem(app.actor())
    expect(work?.outbox).toMatchObject({ poisoned: 1, messages: [{ id: 'm1', subject: 's', tries: 1000 }] })
    await resendMessage(app.actor(), { id: 'm1' })
    const { rows } = await pool().query(`SELECT tries FROM outbox WHERE id = 'm1'`)
    expect(rows).toEqual([{ tries: 0 }])
    const { items } = await listAudit(app.actor(), { action: 'outbox.resend' })
    expect(items).toMatchObject([{ target: { kind: 'message', name: 'm1' }, before: { tries: 1000 } }])
    expect(await refusal(resendMessage(app.actor(), { id: 'm1' }))).toMatchObject({ code: 'not_found' })
    expect(await refusal(dropMessage(app.actor(), { id: 'm1' }))).toMatchObject({ code: 'not_found' })
    await pool().query('DELETE FROM outbox')
  })

  it('has messages given up, by those alone who may', async () => {
    await pool().query(
      `INSERT INTO outbox (workspace_id, id, target, subject, name, data, tries, written_at, due_at)
       VALUES ($1, 'm2', 'jobs', 's', 'generation/requested', '{"text": "said"}', 1000, now(), now())`,
      [app.identity.workspaceId],
    )
    expect(
      await refusal(dropMessage(actorLike(app.actor(), { scopes: new Set(['prompts:read']) }), { id: 'm2' })),
    ).toMatchObject({
      code: 'forbidden',
    })
    await dropMessage(app.actor(), { id: 'm2' })
    expect((await pool().query('SELECT FROM outbox')).rowCount).toBe(0)
    const { items } = await listAudit(app.actor(), { action: 'outbox.drop' })
    expect(items).toMatchObject([
      {
        target: { kind: 'message', name: 'm2' },
        before: { message: 'generation/requested', target: 'jobs', subject: 's', tries: 1000 },
        after: null,
      },
    ])
    expect(JSON.stringify(items)).not.toContain('said')
    expect(await refusal(dropMessage(app.actor(), { id: 'm2' }))).toMatchObject({ code: 'not_found' })
  })
})

describe('an instance that stops', () => {
  it('takes itself off the list', async () => {
    const count = () =>
      withClient(app.database.url, async (client) => (await client.query('SELECT FROM instance')).rowCount)
    await pool().query('DELETE FROM instance')
    startHeartbeat()
    await vi.waitFor(async () => expect(await count()).toBe(1), 10_000)
    await app.runtime.close()
    expect(await count()).toBe(0)
  })
})
