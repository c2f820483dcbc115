import { afterEach, describe, expect, it, vi } from 'vitest'
import { actorOf } from '#lib/access/actor.ts'
import { identify, REST_TAKES } from '#lib/access/identify.ts'
import { boot } from '#lib/boot/boot.ts'
import { loadConfig } from '#lib/config/load.ts'
import { createPrompt } from '#lib/prompts/operations/create-prompt.ts'
import { createRuntime, type Runtime, setRuntime } from '#lib/runtime.ts'
import { type FreshDatabase, freshDatabase, ROOT } from '#lib/testing/database.ts'
import { testRequest } from '#lib/testing/runtime.ts'
import { migrateDatabase, refusePoolers } from '../../scripts/database/arguments.ts'
import { type Pooler, startPooler } from './pgbouncer.ts'

let database: FreshDatabase
let pooler: Pooler
const runtimes: Runtime[] = []

afterEach(async () => {
  for (const runtime of runtimes.splice(0)) await runtime.close()
  setRuntime(undefined)
  await pooler.stop()
  await database.drop()
})

function pooled(): Record<string, string> {
  return {
    DATABASE_URL: pooler.url(database.url),
    INCIPIT_DATABASE_MIGRATE_URL: pooler.url(database.ownerUrl),
  }
}

/** An instance whose every connection goes through the pooler, those that migrate too, unless told otherwise. */
function instance(addresses: Record<string, string> = pooled(), replicas: string[] = []): Runtime {
  const config = loadConfig({ ...addresses, INCIPIT_LOG_LEVEL: 'silent' }, ROOT)
  const connections = { ...config.database, statement_timeout_ms: 7000, replicas }
  const runtime = createRuntime({ ...config, database: connections })
  runtimes.push(runtime)
  setRuntime(runtime)
  return runtime
}

async function behind(mode: 'session' | 'transaction'): Promise<void> {
  database = await freshDatabase()
  pooler = await startPooler(database.url, mode)
}

describe('behind PgBouncer', () => {
  it('in session mode everything works: the start, limits of a session, changes heard elsewhere', async () => {
    await behind('session')
    const other = instance()
    await other.feed.start()
    const runtime = instance()
    await boot()
    expect(runtime.phase).toBe('ready')
    expect(runtime.feed.ready).toBe(true)
    const { rows } = await runtime.database.primary.pool.query('SHOW statement_timeout')
    expect(rows).toEqual([{ statement_timeout: '7s' }])
    const heard = new Promise<string | undefined>((resolve) => {
      other.feed.onChange(({ targets }) => resolve(targets[0]?.name))
    })
    await createPrompt(actorOf(await identify({ header: () => undefined }, REST_TAKES), testRequest()), {
      name: 'pooled',
      template_content: 'Hello.',
    })
    expect(await heard).toBe('pooled')
  })

  it('in transaction mode the start is refused with a sentence that says what to do', async () => {
    await behind('transaction')
    instance()
    await expect(boot()).rejects.toThrow(/transaction or statement mode.*pool_mode = session/s)
  })

  it('in transaction mode is refused for the address that migrates and for replicas as well', async () => {
    await behind('transaction')
    const direct = { DATABASE_URL: database.url, INCIPIT_DATABASE_MIGRATE_URL: database.ownerUrl }
    instance({ ...direct, INCIPIT_DATABASE_MIGRATE_URL: pooler.url(database.ownerUrl) })
    await expect(boot()).rejects.toThrow(/transaction or statement mode.*let database\.migrate_url name/s)
    instance(direct, ['postgresql://nobody@127.0.0.1:1/away', pooler.url(database.url)])
    await expect(boot()).rejects.toThrow(/transaction or statement mode.*let database\.replicas name/s)
  })

  it('in transaction mode scripts that need a session say so before they do anything', async () => {
    await behind('transaction')
    vi.stubEnv('DATABASE_URL', database.url)
    vi.stubEnv('INCIPIT_DATABASE_MIGRATE_URL', pooler.url(database.ownerUrl))
    try {
      await expect(migrateDatabase()).rejects.toThrow(/let database\.migrate_url name/)
      vi.stubEnv('DATABASE_URL', pooler.url(database.url))
      await expect(refusePoolers()).rejects.toThrow(/let DATABASE_URL name/)
    } finally {
      vi.unstubAllEnvs()
    }
  })
})
