import { randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { isFullRun, POSTGRES_KINDS } from '../extent.ts'
import { freePort, type RunningApp, startApp } from '../start-app.ts'
import { type Answer, call, textAt } from './harness/api.ts'
import { type FaultyPostgres, startFaultyPostgres } from './harness/faulty-postgres.ts'
import { until } from './harness/until.ts'

/** Somebody who writes and, when no answer comes, sends the same request again until one does. */
const WRITERS = 4
const KILLS = isFullRun ? 7 : 2

interface Written {
  key: string
  path: string
  body: Record<string, unknown>
  answer: Answer
}

/**
 * Alternates between a new prompt of a known name and a copy of it whose name the app makes up: a copy
 * that is made twice shows as one prompt too many.
 */
async function write(app: { url: string }, writer: number, keepOn: () => boolean, done: Written[]) {
  for (let n = 0; keepOn(); n++) {
    const name = `w${writer}-${n}`
    const created = { path: '/api/prompts', body: { name, template_content: `Text ${n} of {{ who }}` } }
    const copied = { path: `/api/prompts/${name}/duplicate`, body: {} }
    for (const request of [created, copied]) {
      const key = `${writer}-${n}-${request.path}`
      const answer = await until(
        `an answer to ${key}`,
        async () => {
          const headers = { 'idempotency-key': key }
          const got = await call(app, 'POST', request.path, { body: request.body, headers, within: 15_000 })
          // Away, or the first try is still running: both say that one may try again.
          if (got.status === 503 || got.status === 409) return undefined
          return got
        },
        { within: 60_000, every: 50 },
      )
      done.push({ key, ...request, answer })
    }
  }
}

async function killTheApp(app: RunningApp, database: string): Promise<RunningApp> {
  await app.kill()
  return startApp({ database, port: app.port })
}

async function killTheDatabase(app: RunningApp, postgres: FaultyPostgres): Promise<void> {
  await postgres.kill()
  // A process that lost its database lives on; one that does not is told with its last words.
  const ended = app.exited.then((code) => {
    throw new Error(`The app ended with ${code} when its database was killed. It printed:\n${app.output()}`)
  })
  ended.catch(() => undefined)
  const notices = async () => (await call(app, 'GET', '/health/ready', { within: 5000 })).status === 503
  await Promise.race([until('the app notices', notices, { within: 30_000 }), ended])
  await postgres.restart()
  await app.ready(30_000)
}

/** What the apps printed about a request. */
function logged(apps: RunningApp[], answer: Answer): string[] {
  const id = textAt(answer.body, 'request_id')
  return apps.flatMap((app) =>
    app
      .output()
      .split('\n')
      .filter((line) => line.includes(id)),
  )
}

describe.concurrent.each(POSTGRES_KINDS)('case 25: kill -9 while writing (%s)', (kind) => {
  it('keeps every acknowledged row and makes none twice', async () => {
    const postgres = await startFaultyPostgres(kind)
    let app = await startApp({ database: postgres.url, port: await freePort() })
    const apps = [app]
    const done: Written[] = []
    let keepOn = true
    const writing = Promise.all(
      Array.from({ length: WRITERS }, (_, n) => write({ url: app.url }, n, () => keepOn, done)),
    )
    // Awaited below; until then another failure is told first.
    writing.catch(() => undefined)
    for (let kill = 0; kill < KILLS; kill++) {
      const enough = done.length + randomInt(3, 20)
      await until('some more writes', () => done.length >= enough, { within: 60_000, every: 1 })
      if (kill % 3 === 1) await killTheDatabase(app, postgres)
      else apps.push((app = await killTheApp(app, postgres.url)))
    }
    keepOn = false
    await writing

    const odd = done.filter(({ answer }) => answer.status !== 201)
    expect(odd.map(({ answer }) => ({ ...answer, log: logged(apps, answer) }))).toEqual([])
    // A retry of any of them answers what was answered at first.
    for (const { key, path, body, answer } of done.slice(-20)) {
      const again = await call(app, 'POST', path, { body, headers: { 'idempotency-key': key } })
      expect(again).toMatchObject({ status: 201, body: answer.body })
      expect(again.headers.get('idempotency-replayed')).toBe('true')
    }
    await withClient(postgres.url, async (client) => {
      const acknowledged = done.map(({ answer }) => textAt(answer.body, 'id'))
      expect(new Set(acknowledged).size).toBe(done.length)
      const stored = await client.query<{ id: string }>(
        `SELECT prompt_id AS id FROM prompt_name WHERE name ~ '^w[0-9]+-' AND NOT is_alias`,
      )
      expect(new Set(stored.rows.map(({ id }) => id))).toEqual(new Set(acknowledged))
      const { rows } = await client.query<Record<string, string>>(
        `SELECT (SELECT count(*) FROM prompt_version WHERE prompt_id = ANY ($1)) AS versions,
           (SELECT count(*) FROM audit_event WHERE target_id = ANY ($1)) AS audited,
           (SELECT count(*) FROM idempotency_key) AS answers`,
        [acknowledged],
      )
      const all = String(done.length)
      expect(rows).toEqual([{ versions: all, answers: all, audited: all }])
    })
    expect(await app.stop()).toBe(0)
    await postgres.stop()
  }, 180_000)
})
