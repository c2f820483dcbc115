import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { call, stopCleanly } from './harness/api.ts'
import { type FaultyPostgres, startFaultyPostgres } from './harness/faulty-postgres.ts'
import { until } from './harness/until.ts'

const COUNT = 1500

let postgres: FaultyPostgres
let app: RunningApp
beforeAll(async () => {
  postgres = await startFaultyPostgres('embedded')
  app = await startApp({ database: postgres.url })
})
afterAll(async () => {
  await stopCleanly(app)
  await postgres.stop()
})

const bodyOf = (prefix: string) => ({
  files: Array.from({ length: COUNT }, (_, n) => ({
    path: `${prefix}/p${n}.md`,
    text: `---\nname: ${prefix}_${n}\ncategory: ${prefix}\n---\nText ${n} of {{ who }}\n`,
  })),
})

/** What is there of an import, in every table that it writes. */
async function traces(prefix: string): Promise<Record<string, number>> {
  return withClient(postgres.url, async (client) => {
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM prompt_name WHERE name LIKE $1) AS prompts,
        (SELECT count(*)::int FROM prompt_search WHERE name LIKE $1) AS found,
        (SELECT count(*)::int FROM audit_event WHERE target_name LIKE $1) AS logged,
        (SELECT count(*)::int FROM category WHERE slug = $2) AS categories,
        (SELECT count(*)::int FROM prompt_import) AS imports`,
      [`${prefix}\\_%`, prefix],
    )
    return rows[0]
  })
}

/** Whether a transaction is writing versions now. */
const isWriting = () =>
  withClient(postgres.url, async (client) => {
    const { rows } = await client.query(
      `SELECT FROM pg_stat_activity WHERE query LIKE 'INSERT INTO %' AND state <> 'idle' AND pid <> pg_backend_pid()`,
    )
    return rows.length > 0
  })

describe('an import', () => {
  it('that is killed while it writes leaves nothing, and the same one is made afterwards', async () => {
    const sent = call(app, 'POST', '/api/import', { body: bodyOf('killed'), within: 60_000 }).catch(
      () => undefined,
    )
    await until('it writes', isWriting, { within: 60_000, every: 2 })
    await app.kill()
    await sent
    await until('its transaction has ended', async () => !(await isWriting()), { within: 30_000 })
    const left = await traces('killed')
    // All or nothing: the kill may have come when it was committed.
    expect([0, COUNT]).toContain(left.prompts)
    expect(left).toMatchObject({
      found: left.prompts,
      logged: left.prompts,
      categories: left.prompts === 0 ? 0 : 1,
    })
    app = await startApp({ database: postgres.url, port: app.port })
    const again = await call(app, 'POST', '/api/import', { body: bodyOf('killed'), within: 60_000 })
    expect(again.status).toBe(200)
    expect((await traces('killed')).prompts).toBe(COUNT)
  })

  it('whose client goes away in the middle of its body leaves nothing', async () => {
    const before = await traces('gone')
    const gone = new AbortController()
    let asked = 0
    const body = new ReadableStream({
      pull(controller) {
        // Asked for more, it has sent what there was.
        if (asked++ > 0) return gone.abort()
        const part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n---\n'
        controller.enqueue(Buffer.from(part))
      },
    })
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const init = { method: 'POST', body, headers, signal: gone.signal, duplex: 'half' }
    await expect(fetch(`${app.url}/api/import`, init as RequestInit)).rejects.toThrow()
    expect(await traces('gone')).toEqual(before)
    expect((await call(app, 'GET', '/health/ready')).status).toBe(200)
  })
})
