import { afterEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase, withClient } from '#lib/testing/database.ts'
import { startApp } from '../start-app.ts'
import { type Pooler, startPooler } from './pgbouncer.ts'

let database: FreshDatabase | undefined
let pooler: Pooler | undefined

afterEach(async () => {
  await pooler?.stop()
  await database?.drop()
})

async function behind(mode: 'session' | 'transaction'): Promise<string> {
  database = await freshDatabase()
  pooler = await startPooler(database.url, mode)
  return pooler.url(database.url)
}

describe('behind PgBouncer', () => {
  it('in session mode everything works: migrations, changes heard, time limits of a session', async () => {
    const url = await behind('session')
    const app = await startApp({ database: url })
    try {
      const created = await fetch(`${app.url}/api/prompts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'pooled', template_content: 'Hello.' }),
      })
      expect(created.status).toBe(201)
      const ready = await fetch(`${app.url}/health/ready`)
      expect(await ready.json()).toMatchObject({ status: 'ready', checks: { change_feed: 'listening' } })
      // A change by somebody else reaches the app through the pooler as well.
      const other = await startApp({ database: url })
      try {
        const archived = await fetch(`${other.url}/api/prompts/pooled/render`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
        expect(archived.status).toBe(200)
      } finally {
        await other.stop()
      }
    } finally {
      await app.stop()
    }
  })

  it('in transaction mode the start ends with a sentence that says what to do', async () => {
    const url = await behind('transaction')
    const failed = await startApp({ database: url, until: 'ready' }).then(
      (app) => app.stop().then(() => 'it started'),
      (error: unknown) => String(error),
    )
    expect(failed).toContain('transaction or statement mode')
    expect(failed).toContain('pool_mode = session')
  })

  it('sets the time limits of a session by SET', async () => {
    const url = await behind('session')
    const app = await startApp({ database: url, config: { database: { statement_timeout_ms: 7000 } } })
    try {
      const { rows } = await withClient(database?.ownerUrl ?? '', (client) =>
        client.query(`SELECT count(*)::int AS sessions FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'incipit'`),
      )
      expect(rows[0].sessions).toBeGreaterThan(0)
    } finally {
      await app.stop()
    }
  })
})
