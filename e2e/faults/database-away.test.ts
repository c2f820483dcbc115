import { describe, expect, it } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { isFullRun } from '../extent.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type Answer, at, call, createPrompt, type Json, mcp } from './harness/api.ts'
import { DatabaseProxy } from './harness/database-proxy.ts'
import { startFaultyPostgres } from './harness/faulty-postgres.ts'
import { until } from './harness/until.ts'
import { expectWaitingPages } from './harness/waiting-pages.ts'

/** A database that can be taken away and brought back. */
interface Outage {
  url: string
  directUrl: string
  begin(): void
  end(): void
  stop(): Promise<void>
}

/** SIGSTOP: the connections stay open, new ones are taken by the kernel, nobody answers. */
async function frozen(): Promise<Outage> {
  const postgres = await startFaultyPostgres('embedded')
  return {
    url: postgres.url,
    directUrl: postgres.url,
    begin: () => postgres.freeze(),
    end: () => postgres.thaw(),
    stop: () => postgres.stop(),
  }
}

/** A network that swallows everything, and never again carries the connections of before. */
async function blackHoled(): Promise<Outage> {
  return proxied((proxy) => proxy.blackHole())
}

/** Connections are reset, and refused from then on. */
async function cutOff(): Promise<Outage> {
  return proxied((proxy) => proxy.cut())
}

async function proxied(begin: (proxy: DatabaseProxy) => void): Promise<Outage> {
  const postgres = await startFaultyPostgres('embedded')
  const proxy = await DatabaseProxy.start(postgres.url)
  return {
    url: proxy.url(postgres.url),
    directUrl: postgres.url,
    begin: () => begin(proxy),
    end: () => proxy.heal(),
    async stop() {
      await proxy.stop()
      await postgres.stop()
    },
  }
}

const render = (app: RunningApp) => call(app, 'GET', '/api/prompts/known/render?who=World')
const mcpGet = (app: RunningApp) => mcp(app, 'prompts/get', { name: 'known', arguments: { who: 'World' } })
const mcpList = (app: RunningApp) => mcp(app, 'prompts/list')
const read = (app: RunningApp) => call(app, 'GET', '/api/prompts/known')
/** Reads that are served from memory once they were made. */
const CACHED = { render, mcpGet, mcpList, read }

let serial = 0
const uncached = (app: RunningApp) =>
  call(app, 'GET', `/api/prompts/known/versions?limit=${(serial++ % 100) + 1}`)
const write = (app: RunningApp) =>
  call(app, 'POST', '/api/prompts', { body: { name: `written-${serial++}`, template_content: 'x' } })

function expectAway(answer: Answer, within: number): void {
  expect(answer.status).toBe(503)
  expect(answer.took).toBeLessThan(within)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(answer.body).toMatchObject({ code: 'unavailable', status: 503 })
}

/** Of JSON-RPC the result: its id is another one each time, and so is the receipt of a render. */
const resultOf = (body: Json): unknown => {
  const text = JSON.stringify(at(body, 'result') ?? body, (key, value: unknown) =>
    key === 'receipt' ? undefined : value,
  )
  return JSON.parse(text)
}

/** What a cached read answers while the database is away: the same as before, marked as stale. */
async function expectServedFromMemory(app: RunningApp, before: Record<keyof typeof CACHED, Answer>) {
  for (const [name, ask] of Object.entries(CACHED)) {
    const answer = await ask(app)
    const earlier = before[name as keyof typeof CACHED].body
    expect({ name, status: answer.status, body: resultOf(answer.body) }).toEqual({
      name,
      status: 200,
      body: resultOf(earlier),
    })
    const age = Number(answer.headers.get('age'))
    expect(age).toBeGreaterThanOrEqual(1)
    expect(Number(answer.headers.get('incipit-stale'))).toBe(age)
    expect(answer.took).toBeLessThan(1_000)
  }
}

/** The first is the hardest: nothing tells that the database is away. */
const OUTAGES = [
  { how: 'black hole', outage: blackHoled },
  { how: 'SIGSTOP', outage: frozen },
  { how: 'reset and refused', outage: cutOff },
]

describe.concurrent.each(isFullRun ? OUTAGES : OUTAGES.slice(0, 1))(
  'case 27: the database is away ($how)',
  ({ outage }) => {
    it('answers 503 in time, serves what was read before, and heals without a restart', async () => {
      const database = await outage()
      const app = await startApp({ database: database.url })
      await createPrompt(app, 'known', 'Hello {{ who }}')
      const before = {
        render: await render(app),
        mcpGet: await mcpGet(app),
        mcpList: await mcpList(app),
        read: await read(app),
      }
      expect(Object.values(before).map(({ status }) => status)).toEqual([200, 200, 200, 200])
      expect(before.render.headers.get('incipit-stale')).toBeNull()
      expect((await call(app, 'GET', '/prompts')).status).toBe(200)

      database.begin()
      // Nothing has noticed yet: this one waits for the database, and fails with it.
      const page = call(app, 'GET', '/prompts')
      const first = await Promise.all([
        ...Array.from({ length: 5 }, () => uncached(app)),
        ...Array.from({ length: 5 }, () => write(app)),
      ])
      for (const answer of first) expectAway(answer, 3_000)
      expect(await page).toMatchObject({
        status: 503,
        body: expect.stringContaining("fetch('/health/ready'"),
      })
      const again = await Promise.all([uncached(app), write(app)])
      for (const answer of again) expectAway(answer, 1_000)
      const missing = await mcp(app, 'prompts/get', { name: 'never-read' })
      expect(at(missing.body, 'error', 'data')).toMatchObject({ code: 'unavailable' })
      await until('stale by a second', async () => Number((await render(app)).headers.get('age')) >= 1, {
        within: 3_000,
      })
      await expectServedFromMemory(app, before)
      expect((await call(app, 'GET', '/health/live')).status).toBe(200)
      const notReady = await call(app, 'GET', '/health/ready')
      expect(notReady.status).toBe(503)
      expect(at(notReady.body, 'checks', 'database')).toBe('down')
      await expectWaitingPages(app)
      // Who mends it can read how.
      expect((await call(app, 'GET', '/docs/operating')).status).toBe(200)

      database.end()
      await app.ready(5_000)
      // No connection of before is used again: one that is dead would cost the query timeout of 10.5 s.
      const after = await Promise.all(
        Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? uncached(app) : write(app))),
      )
      expect(after.filter(({ status }) => status !== 200 && status !== 201)).toEqual([])
      expect(Math.max(...after.map(({ took }) => took))).toBeLessThan(9_000)
      expect((await call(app, 'GET', '/prompts')).status).toBe(200)
      const fresh = await render(app)
      expect(fresh.headers.get('incipit-stale')).toBeNull()
      expect(fresh.headers.get('age')).toBeNull()

      // What was used in the meantime is counted, once the database takes it.
      await until('the renders of the outage are counted', async () => {
        const { rows } = await withClient(database.directUrl, (client) =>
          client.query<{ renders: string }>(
            `SELECT count(*) AS renders FROM prompt_usage WHERE operation = 'render' AND outcome = 'ok'`,
          ),
        )
        return Number(rows[0]?.renders) >= 4
      })
      expect(await app.stop()).toBe(0)
      await database.stop()
    })
  },
)

describe('what is no outage', () => {
  it('a flood of writes that uses up every connection', async () => {
    const app = await startApp({ config: { database: { pool_size: 2, max_overflow: 2 } } })
    await createPrompt(app, 'known', 'Hello {{ who }}')
    const flood = Array.from({ length: 200 }, () => write(app))
    const during: (string | null)[] = []
    while (during.length < 20) during.push((await render(app)).headers.get('incipit-stale'))
    expect(new Set(during)).toEqual(new Set([null]))
    const answers = await Promise.all(flood)
    // Who had to wait too long for a connection is told to come back.
    const refused = answers.filter(({ status }) => status !== 201)
    expect(refused.filter(({ status, headers }) => status !== 503 || !headers.get('retry-after'))).toEqual([])
    expect(refused.length).toBeLessThan(answers.length)
    expect(await app.stop()).toBe(0)
  })

  it('a while in which the app itself was stopped: it goes on as if nothing had been', async () => {
    const app = await startApp()
    await createPrompt(app, 'known', 'Hello {{ who }}')
    process.kill(app.pid, 'SIGSTOP')
    const asked = Array.from({ length: 5 }, () => write(app))
    const stopped = performance.now()
    await until('longer than the poll waits', () => performance.now() - stopped > 2_500)
    process.kill(app.pid, 'SIGCONT')
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
    expect((await render(app)).headers.get('incipit-stale')).toBeNull()
    expect(await app.stop()).toBe(0)
  })
})
