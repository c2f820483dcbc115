import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { newId } from '../../id.ts'
import type { Runtime } from '../../runtime.ts'
import { withClient } from '../../testing/database.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { Availability } from '../availability.ts'
import { change } from '../change.ts'
import { SERVER } from '../pool.ts'
import { ChangeFeed } from './feed.ts'
import type { ChangeNotice } from './notice.ts'

let app: TestRuntime
let second: Runtime

beforeAll(async () => {
  app = await testRuntime({ feed: true })
  second = app.secondInstance()
  await second.feed.start()
})
afterAll(async () => {
  await second.close()
  await app.close()
})

/** A change that touches nothing but the log. */
async function makeChange(actor: Actor, name = 'thing'): Promise<number> {
  await change(actor, async ({ record }) => {
    record({
      action: 'thing.changed',
      target: { kind: 'thing', id: newId(), name },
      lists: [{ list: 'prompts', label: 'production', category: null }],
    })
  })
  return actor.request.outcome.revision ?? 0
}

function nextNotice(runtime: Runtime, matches: (notice: ChangeNotice) => boolean): Promise<ChangeNotice> {
  return new Promise((resolve) => {
    const stop = runtime.feed.onChange((notice) => {
      if (!matches(notice)) return
      stop()
      resolve(notice)
    })
  })
}

describe('the change feed', () => {
  it('tells a change to the instance that made it before the change is answered', async () => {
    const actor = app.actor()
    const told: number[] = []
    const stop = app.runtime.feed.onChange((notice) => void told.push(notice.revision))
    const revision = await makeChange(actor)
    stop()
    expect(told).toContain(revision)
    expect(app.runtime.feed.seen(actor.workspaceId)).toBeGreaterThanOrEqual(revision)
  })

  it('tells it once', async () => {
    const actor = app.actor()
    const told: number[] = []
    const stop = app.runtime.feed.onChange((notice) => void told.push(notice.revision))
    const first = await makeChange(actor)
    // The notification of the first has come by when the second instance has told of the next.
    const heard = nextNotice(second, (notice) => notice.revision > first)
    await makeChange(app.actor())
    await heard
    stop()
    expect(told.filter((revision) => revision === first)).toHaveLength(1)
  })

  it('brings a change to another instance with what was touched', async () => {
    const heard = nextNotice(second, (notice) => notice.targets[0]?.name === 'far')
    const revision = await makeChange(app.actor(), 'far')
    expect(await heard).toMatchObject({
      revision,
      targets: [{ kind: 'thing', name: 'far', action: 'thing.changed' }],
      lists: [{ list: 'prompts', label: 'production', category: null }],
    })
  })

  it('lets a reader wait for a revision, in vain for one that never comes', async () => {
    const actor = app.actor()
    const revision = await makeChange(actor)
    expect(await second.feed.waitFor(actor.workspaceId, revision, 2000)).toBe(true)
    expect(await second.feed.waitFor(actor.workspaceId, revision + 1000, 20)).toBe(false)
  })

  it('finds by its poll what no notification told', async () => {
    const { pool } = app.runtime.database.primary
    const actor = app.actor()
    const heard = nextNotice(second, (notice) => notice.targets[0]?.name === 'silent')
    // A change as a lost notification leaves it: committed, in the log, told to nobody.
    const { rows } = await pool.query<{ revision: string }>(
      'UPDATE workspace SET revision = revision + 1 WHERE id = $1 RETURNING revision',
      [actor.workspaceId],
    )
    await pool.query(
      `INSERT INTO audit_event (id, workspace_id, revision, actor_id, action, target_kind, target_id, target_name)
       VALUES ($1, $2, $3, $4, 'thing.changed', 'thing', $1, 'silent')`,
      [newId(), actor.workspaceId, rows[0]?.revision, actor.id],
    )
    expect((await heard).revision).toBe(Number(rows[0]?.revision))
  })

  it('tells a change that is too large for a notification', async () => {
    const actor = app.actor()
    const heard = nextNotice(second, (notice) => notice.targets.length === 300)
    await change(actor, async ({ record }) => {
      for (let n = 0; n < 300; n++)
        record({ action: 'thing.changed', target: { kind: 'thing', id: newId(), name: `bulk-${n}` } })
    })
    expect((await heard).revision).toBe(actor.request.outcome.revision)
  })

  it('orders the revisions of changes made at once', async () => {
    const revisions = await Promise.all(Array.from({ length: 20 }, () => makeChange(app.actor())))
    expect(new Set(revisions).size).toBe(20)
    const last = Math.max(...revisions)
    expect(await second.feed.waitFor(app.actor().workspaceId, last, 3000)).toBe(true)
  })
})

describe('another server at the address, such as a standby that was promoted', () => {
  it('may count other changes by the same revisions: nothing that was known holds, and connections are made anew', async () => {
    const { config, log, database } = app.runtime
    let started = 'first'
    const query = async (text: string) => {
      const result = await database.watch.pool.query<{ server?: string }>(text)
      for (const row of result.rows) row.server = started
      return result
    }
    const moves: string[] = []
    const feed = new ChangeFeed({
      url: config.databaseUrl ?? '',
      pool: Object.assign(Object.create(database.watch.pool), { query }),
      availability: new Availability(),
      troubles: database.troubles,
      onMove: (server) => void moves.push(server),
      log,
      pollIntervalMs: 5,
      downAfterMs: 5000,
    })
    const { workspaceId } = app.actor()
    const resets: number[] = []
    await feed.start()
    const revision = feed.seen(workspaceId)
    feed.onReset((id, at) => void (id === workspaceId && resets.push(at)))
    await feed.waitFor(workspaceId, revision + 1, 50)
    expect({ moves, resets }).toEqual({ moves: [], resets: [] })
    started = 'second'
    await expect.poll(() => resets, { timeout: 10_000 }).toEqual([revision])
    expect(moves).toEqual(['second'])
    await expect.poll(() => feed.ready, { timeout: 10_000 }).toBe(true)
    await feed.stop()
  })

  it('has what waits on connections to the one of before broken off, and nothing else', async () => {
    const { database } = second
    const { pool } = database.primary
    const client = await pool.connect()
    const { rows } = await client.query<{ server: string }>(SERVER)
    database.moved(rows[0]?.server ?? '')
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    const answer = client.query('SELECT pg_sleep(5)').catch(String)
    database.moved('another')
    expect(await answer).toContain('Connection terminated')
    client.release(true)
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })
})

describe('change', () => {
  it('gives a database that has just come back more time to answer, for it has a crowd to serve', async () => {
    const { config, log, database } = app.runtime
    const availability = new Availability()
    const told: string[] = []
    availability.onLoss(() => void told.push('away'))
    availability.onRecovery(() => void told.push('back'))
    const delays = [0, 10_000, 10_000, 0, 450, 450, 450]
    const asked = { count: 0 }
    const query = async (...args: Parameters<typeof database.watch.pool.query>) => {
      await setTimeout(delays[asked.count++] ?? 0, undefined, { ref: false })
      return database.watch.pool.query(...args)
    }
    const feed = new ChangeFeed({
      url: config.databaseUrl ?? '',
      pool: Object.assign(Object.create(database.watch.pool), { query }),
      availability,
      troubles: database.troubles,
      onMove: database.moved,
      log,
      pollIntervalMs: 1,
      downAfterMs: 300,
    })
    await feed.start()
    await expect.poll(() => asked.count, { timeout: 20_000 }).toBeGreaterThan(delays.length + 1)
    await feed.stop()
    expect(told).toEqual(['away', 'back'])
  })

  it('leaves nothing behind when the work fails', async () => {
    const actor = app.actor()
    const before = await app.runtime.database.primary.prisma.auditEvent.count()
    await expect(
      change(actor, async ({ record }) => {
        record({ action: 'thing.changed', target: { kind: 'thing', id: newId(), name: 'doomed' } })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await app.runtime.database.primary.prisma.auditEvent.count()).toBe(before)
    expect(actor.request.outcome.revision).toBeUndefined()
  })

  it('raises no revision when nothing was recorded', async () => {
    const actor = app.actor()
    expect(await change(actor, async () => 'same')).toBe('same')
    expect(actor.request.outcome.revision).toBeUndefined()
  })

  it('24: replays the answer of an Idempotency-Key, refuses another body, and one that is still running', async () => {
    const keyed = (bodyHash: string) =>
      app.actor({ idempotency: { route: 'POST /things', key: 'k1', bodyHash } })
    let runs = 0
    const work = async () => {
      runs += 1
      return { made: runs }
    }
    expect(await change(keyed('a'), work)).toEqual({ made: 1 })
    const again = keyed('a')
    expect(await change(again, work)).toEqual({ made: 1 })
    expect(again.request.outcome.replayed).toBe(true)
    await expect(change(keyed('b'), work)).rejects.toMatchObject({ code: 'unprocessable' })

    const slow = app.actor({ idempotency: { route: 'POST /things', key: 'k2', bodyHash: 'a' } })
    let finish: (value: unknown) => void = () => undefined
    const started = new Promise<void>((begun) => {
      void change(slow, () => {
        begun()
        return new Promise((resolve) => {
          finish = resolve
        })
      })
    })
    await started
    const other = app.actor({ idempotency: { route: 'POST /things', key: 'k2', bodyHash: 'a' } })
    await expect(change(other, work)).rejects.toMatchObject({ code: 'conflict' })
    finish({})
  })
})

describe('what never changes', () => {
  it('refuses to change or delete a line of the audit log', async () => {
    await makeChange(app.actor())
    // Their owner is refused as well, and the app's role has no right to try (rights.integration.test.ts).
    await withClient(app.database.ownerUrl, async (owner) => {
      await expect(owner.query(`UPDATE audit_event SET action = 'x'`)).rejects.toThrow('append-only')
      await expect(owner.query('DELETE FROM audit_event')).rejects.toThrow('append-only')
      await expect(owner.query('TRUNCATE audit_event')).rejects.toThrow('append-only')
    })
  })
})
