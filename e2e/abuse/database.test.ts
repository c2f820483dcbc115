import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asOwner, withClient } from '#lib/testing/database.ts'
import { expectJson, sender } from '../access/accounts.ts'
import { until } from '../faults/harness/until.ts'
import { type RunningApp, startApp } from '../start-app.ts'

/** A database that answers and refuses, and upkeep that comes late, against the production build. */

const P = '/api/prompts'

let app: RunningApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.stop())

const sql = (text: string, values: unknown[] = []) =>
  withClient(asOwner(app.databaseUrl ?? ''), (client) => client.query<Record<string, unknown>>(text, values))

const END_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()`

const create = (name: string) => sender(app).call('POST', P, { name, template_content: 'x' })
const readiness = async () => (await sender(app).call('GET', '/health/ready')).text

describe('case 37: a database that refuses to write', () => {
  it('is read_only with Retry-After and told by readiness; reads go on, and it heals by itself', async () => {
    expectJson(await create('before'), 201)
    const url = app.databaseUrl ?? ''
    const name = new URL(url).pathname.slice(1)
    const set = async (value: string) => {
      await withClient(asOwner(url), async (client) => {
        await client.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE')
        await client.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = ${value}`)
      })
      // A role ends its own connections alone.
      await withClient(url, (client) => client.query(END_OTHERS))
    }
    await set('on')
    const refused = await until('it refuses', async () => {
      const answer = await create('while_read_only')
      return answer.text.includes('read_only') && answer
    })
    expect(refused).toMatchObject({ status: 503, json: { code: 'read_only' } })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(await readiness()).toContain('read_only')
    expectJson(await sender(app).call('GET', `${P}/before/render`), 200)
    await set('off')
    await until('it writes', async () => (await create('after')).status === 201)
    await until('it is ready', async () => !(await readiness()).includes('not_ready'))
    expect((await sender(app).call('GET', `${P}/while_read_only`)).status).toBe(404)
  })
})

describe('case 38: upkeep that comes late, under a clock that was wrong', () => {
  it('makes what is missing and puts nothing in the wrong place', async () => {
    const url = app.databaseUrl ?? ''
    await sql("SELECT drop_usage_partitions('9999-12-31', 1000)")
    await sql("UPDATE upkeep SET succeeded_at = now() + interval '7 days'")
    const later = await startApp({ database: url })
    try {
      expect((await sender(later).call('GET', `${P}/before/render`)).status).toBe(200)
      await until('the use is counted in the partition of its day', async () => {
        const { rows } = await sql('SELECT DISTINCT tableoid::regclass::text AS part FROM prompt_usage')
        const today = `prompt_usage_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`
        return rows.length > 0 && rows.every(({ part }) => part === today)
      })
      await until('upkeep is of now', async () => {
        const { rows } = await sql(`SELECT 1 FROM upkeep WHERE succeeded_at > now() + interval '1 day'`)
        return rows.length === 0
      })
    } finally {
      await later.stop()
    }
  })
})
