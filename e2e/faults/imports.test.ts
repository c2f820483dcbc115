import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { call, stopCleanly } from './harness/api.ts'
import { type FaultyPostgres, startFaultyPostgres } from './harness/faulty-postgres.ts'
import { killBeforeCommit, withHeldWorkspace } from './harness/held-workspace.ts'

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

describe('an import', () => {
  it('that is killed while it writes leaves nothing, and the same one is made afterwards', async () => {
    await withHeldWorkspace(postgres.url, async () => {
      const sent = call(app, 'POST', '/api/import', { body: bodyOf('killed'), within: 60_000 }).catch(
        () => undefined,
      )
      await killBeforeCommit(app, postgres.url)
      await sent
    })
    expect(await traces('killed')).toMatchObject({ prompts: 0, found: 0, logged: 0, categories: 0 })
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
    await expect(fetch(`${app.url}/api/import`, init as RequestInit)).rejects.toThrow(/abort/i)
    expect(await traces('gone')).toEqual(before)
    expect((await call(app, 'GET', '/health/ready')).status).toBe(200)
  })
})
