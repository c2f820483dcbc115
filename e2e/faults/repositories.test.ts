import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GitHost, gitHost, serves } from '#lib/repositories/testing.ts'
import { withClient } from '#lib/testing/database.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { at, call, stopCleanly } from './harness/api.ts'
import { type FaultyPostgres, startFaultyPostgres } from './harness/faulty-postgres.ts'
import { killBeforeCommit, withHeldWorkspace } from './harness/held-workspace.ts'
import { until } from './harness/until.ts'

const COUNT = 1500
const ENV = {
  INCIPIT_IMPORTS_ALLOWED_HOSTS: '127.0.0.1',
  INCIPIT_LIMITS_OUTBOX_CLAIM_MS: '2000',
  INCIPIT_LIMITS_OUTBOX_POLL_MS: '100',
  INCIPIT_LIMITS_WEBHOOK_RETRY_MS: '200',
}

let postgres: FaultyPostgres
let app: RunningApp
let host: GitHost
beforeAll(async () => {
  postgres = await startFaultyPostgres('embedded')
  host = await gitHost()
  app = await startApp({ database: postgres.url, env: ENV })
})
afterAll(async () => {
  await stopCleanly(app)
  await host.close()
  await postgres.stop()
})

const files = Object.fromEntries(
  Array.from({ length: COUNT }, (_, n) => [
    `prompts/p${n}.md`,
    `---\nname: synced_${n}\n---\nText ${n} of {{ who }}\n`,
  ]),
)

async function sql<Row extends object>(text: string): Promise<Row[]> {
  return withClient(postgres.url, async (client) => (await client.query(text)).rows as Row[])
}

const COUNTS = `SELECT (SELECT count(*)::int FROM prompt_name WHERE name LIKE 'synced\\_%') AS prompts,
  (SELECT max(number) FROM prompt_version v JOIN prompt_template t ON t.id = v.prompt_id WHERE t.name LIKE 'synced\\_%') AS newest,
  (SELECT count(*)::int FROM prompt_import) AS imports`

describe('a look at a repository', () => {
  it('that is killed while it writes is taken over when its lease is over, and brings everything once', async () => {
    const answer = serves(files)
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>()
    host.answer = (response, request) => void held.then(() => answer(response, request))
    const body = { name: 'Ours', archive_url: `${host.url}/main.zip`, ref: 'main' }
    const made = await call(app, 'POST', '/api/repositories', { body })
    expect(made.status).toBe(201)
    const id = at(made.body, 'id')
    const address = `/api/repositories/${typeof id === 'string' ? id : ''}`
    await call(app, 'POST', `${address}/sync`, {})
    await until('the archive is asked for', () => host.requests.length > 0, { within: 60_000 })
    await withHeldWorkspace(postgres.url, async () => {
      goOn()
      await killBeforeCommit(app, postgres.url)
    })
    expect(await sql(COUNTS)).toEqual([{ prompts: 0, newest: null, imports: 0 }])

    // The look of the dead is left alone until its lease is over, which is let come here.
    const claimed = await sql('SELECT FROM repository WHERE claimed_until > now()')
    expect(claimed).toHaveLength(1)
    await sql('UPDATE repository SET claimed_until = now()')
    app = await startApp({ database: postgres.url, port: app.port, env: ENV })
    await until(
      'it has looked again',
      async () => {
        const { body: now } = await call(app, 'GET', address)
        return at(now, 'waiting') === false && at(now, 'last_sync') !== null
      },
      { within: 60_000 },
    )
    const { body: now } = await call(app, 'GET', address)
    expect(at(now, 'last_sync', 'error')).toBeNull()
    expect(await sql(COUNTS)).toEqual([{ prompts: COUNT, newest: 1, imports: 1 }])
  })
})
