import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { DatabaseProxy } from '../../../e2e/faults/harness/database-proxy.ts'
import type { Actor } from '../../access/actor.ts'
import { metrics } from '../../metrics.ts'
import { createRuntime, type Runtime, setRuntime } from '../../runtime.ts'
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts'
import { actorLike, type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { addDatabaseMetrics } from '../database-metrics.ts'
import { readReplica } from '../read.ts'

let app: TestRuntime
let actor: Actor
let standby: FreshDatabase
let proxy: DatabaseProxy
let runtime: Runtime
const lines: { level: string; message: string }[] = []

beforeAll(async () => {
  app = await testRuntime()
  actor = app.actor()
  standby = await freshDatabase()
})
beforeEach(async () => {
  proxy = await DatabaseProxy.start(standby.url)
  const { config } = app.runtime
  const database = {
    ...config.database,
    replicas: [proxy.url(standby.url)],
    poll_interval_ms: 50,
    down_after_ms: 300,
    replica_lag_ms: 200,
    query_timeout_ms: 1500,
  }
  runtime = createRuntime({ ...config, database })
  lines.length = 0
  for (const level of ['warn', 'info'] as const)
    vi.spyOn(runtime.log, level).mockImplementation(
      (_fields: unknown, message?: string) => void lines.push({ level, message: message ?? '' }),
    )
  setRuntime(runtime)
  addDatabaseMetrics()
})
afterEach(async () => {
  setRuntime(app.runtime)
  // First: closing waits half a minute for connections that a black hole has swallowed.
  await proxy.stop()
  await runtime.close()
})
afterAll(async () => {
  await app.close()
  await standby.drop()
})

/** The name of the database that answers a read which may lag. */
function reached(): Promise<string | undefined> {
  return readReplica(actorLike(actor), async (pool) => {
    const { rows } = await pool.query<{ name: string }>('SELECT current_database() AS name')
    return rows[0]?.name
  })
}

function replicaPool() {
  const [replica] = runtime.database.replicas.all
  if (replica === undefined) throw new Error('There is no replica.')
  return replica.pool
}

const isInUse = () => runtime.database.replicas.all[0]?.inUse

describe('a replica', () => {
  it('that hangs costs those who wait one timeout, then rests, and is asked again when it is back', async () => {
    runtime.database.replicas.start(() => 0)
    expect(await reached()).toBe(standby.name)
    proxy.blackHole()
    expect(await Promise.all([reached(), reached(), reached()])).toEqual([
      app.database.name,
      app.database.name,
      app.database.name,
    ])
    const asked = vi.spyOn(replicaPool(), 'query')
    for (let n = 0; n < 20; n++) expect(await reached()).toBe(app.database.name)
    expect(asked).not.toHaveBeenCalled()
    expect(await metrics().expose()).toMatch(/incipit_replica_up\{replica="127\.0\.0\.1:\d+\/[^"]+"\} 0/)
    asked.mockRestore()
    proxy.heal()
    await vi.waitFor(() => expect(isInUse()).toBe(true), 10_000)
    await vi.waitFor(async () => expect(await reached()).toBe(standby.name), 10_000)
    // One line for each change of state, however many asked.
    expect(lines.map(({ message }) => message)).toEqual([
      'a replica does not answer; it rests, and the primary is asked',
      'a replica is asked again',
    ])
  })

  it('that is too far behind rests until it has caught up', async () => {
    let primary = 0
    await replicaPool().query(
      `INSERT INTO workspace (id, slug, revision) VALUES ('019a0000-0000-7000-8000-000000000001', 'lagging', 5)`,
    )
    runtime.database.replicas.start(() => primary)
    await vi.waitFor(() => expect(runtime.database.replicas.all[0]?.availability.up).toBe(true), 10_000)
    expect(await reached()).toBe(standby.name)
    primary = 6
    await vi.waitFor(() => expect(isInUse()).toBe(false), 10_000)
    expect(await reached()).toBe(app.database.name)
    expect(await metrics().expose()).toMatch(/incipit_replica_lag_seconds\{replica="[^"]+"\} 0\.\d/)
    await replicaPool().query('UPDATE workspace SET revision = 6')
    await vi.waitFor(() => expect(isInUse()).toBe(true), 10_000)
    expect(lines.map(({ message }) => message)).toEqual([
      'a replica is too far behind; it rests, and the primary is asked',
      'a replica is asked again',
    ])
  })
})
