import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRuntime, type Runtime, setRuntime } from '../runtime.ts'
import { type FreshDatabase, freshDatabase } from '../testing/database.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { readReplica } from './read.ts'

let app: TestRuntime
let replica: FreshDatabase
const opened: Runtime[] = []

beforeAll(async () => {
  app = await testRuntime()
  replica = await freshDatabase()
})
afterAll(async () => {
  setRuntime(app.runtime)
  await Promise.all(opened.map((runtime) => runtime.close()))
  await app.close()
  await replica.drop()
})

/** The name of the database that a read reaches when these are the replicas. */
async function reached(replicas: string[], revision?: number): Promise<string | undefined> {
  setRuntime(app.runtime)
  const actor = app.actor({ revision })
  const { config } = app.runtime
  const runtime = createRuntime({ ...config, database: { ...config.database, replicas } })
  opened.push(runtime)
  setRuntime(runtime)
  return readReplica(actor, async (pool) => {
    const { rows } = await pool.query<{ name: string }>('SELECT current_database() AS name')
    return rows[0]?.name
  })
}

it('reads a replica where there is one', async () => {
  expect(await reached([replica.url])).toBe(replica.name)
})

it('reads the primary without replicas, and for a request that names a revision', async () => {
  expect(await reached([])).toBe(app.database.name)
  expect(await reached([replica.url], 1)).toBe(app.database.name)
})

it('reads the primary when the replica is away', async () => {
  expect(await reached(['postgresql://incipit@127.0.0.1:1/nobody'])).toBe(app.database.name)
})
