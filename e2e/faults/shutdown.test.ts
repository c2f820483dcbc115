import { Agent, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { waitUntilBlocked } from '#lib/testing/blocked.ts'
import { withClient } from '#lib/testing/database.ts'
import { ONLY_FULL } from '../extent.ts'
import { type RunningApp, startApp, startedDatabase } from '../start-app.ts'
import { type Answer, at, call, createPrompt, mcp, textAt } from './harness/api.ts'
import { openEventStream } from './harness/event-stream.ts'
import { startFaultyPostgres } from './harness/faulty-postgres.ts'
import { withHeldWorkspace } from './harness/held-workspace.ts'
import { until } from './harness/until.ts'

const STREAMS = 20
const CLIENTS = 8
const SLOW = '{% for i in (1..10000) %}{% for j in (1..10000) %}{{ i | times: j }}{% endfor %}{% endfor %}'

/** How a request ended: answered whole, never taken (the port was closed), or broken off. */
type Ending = { whole: Answer } | { refused: true } | { broken: unknown }

async function attempt(work: () => Promise<Answer>): Promise<Ending> {
  try {
    return { whole: await work() }
  } catch (error) {
    // undici says "fetch failed" when no answer had begun, and something else when one was cut.
    const before = error instanceof TypeError && error.message === 'fetch failed'
    return before ? { refused: true } : { broken: error }
  }
}

/** Writes and renders until the port is closed. */
async function client(app: RunningApp, number: number, endings: Ending[]): Promise<void> {
  for (let n = 0; ; n++) {
    const ending = await attempt(() =>
      n % 2 === 0
        ? call(app, 'POST', '/api/prompts', { body: { name: `c${number}-${n}`, template_content: 'x' } })
        : call(app, 'GET', '/api/prompts/known/render?who=you'),
    )
    endings.push(ending)
    if (!('whole' in ending)) return
  }
}

/** A status, or why there was none. */
type Seen = number | string | undefined

/** Renders over one kept connection after the other, as long as somebody listens. */
async function keepAsking(app: RunningApp, agent: Agent, seen: Seen[]): Promise<void> {
  while (typeof (seen.at(-1) ?? 200) === 'number')
    seen.push(
      await new Promise<Seen>((resolve) => {
        request(`${app.url}/api/prompts/known/render?who=you`, { agent }, (response) => {
          response.resume()
          response.on('end', () => resolve(response.statusCode))
          response.on('error', () => resolve('cut off'))
        })
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
          .end()
      }),
    )
}

/** Whether /health/ready says no, or nobody can ask any more. */
async function isNotReady(app: RunningApp): Promise<boolean> {
  const ending = await attempt(() => call(app, 'GET', '/health/ready'))
  return !('whole' in ending) || ending.whole.status === 503
}

/** Long enough for what is asked meanwhile, however busy the machine is. */
const DRAIN_MS = 10_000

describe.concurrent('case 29: SIGTERM', () => {
  it('under load: drains streams and renders, truncates nothing, loses no write, exits 0', async () => {
    const database = await startedDatabase()
    const app = await startApp({ database: database.url })
    await createPrompt(app, 'known', 'Hello {{ who }}')
    const streams = await Promise.all(Array.from({ length: STREAMS }, () => openEventStream(app)))
    const endings: Ending[] = []
    const clients = Array.from({ length: CLIENTS }, (_, n) => client(app, n, endings))
    const drafts = Array.from({ length: 4 }, () =>
      attempt(() => call(app, 'POST', '/api/render', { body: { template_content: SLOW } })),
    )
    await until('load', () => endings.length > 3 * CLIENTS, { within: 30_000 })

    const stopped = app.stop()
    await until('not ready', () => isNotReady(app), { within: 5_000 })
    expect(await stopped).toBe(0)
    await Promise.all(clients)

    expect(endings.filter((ending) => 'broken' in ending)).toEqual([])
    const answers = endings.flatMap((ending) => ('whole' in ending ? [ending.whole] : []))
    const odd = answers.filter(({ status }) => ![200, 201, 503].includes(status))
    expect(odd).toEqual([])
    for (const ending of await Promise.all(drafts)) expect(ending).not.toHaveProperty('broken')
    await until('every stream has ended', () => streams.every(({ ended }) => ended !== undefined))
    expect(streams.map(({ ended }) => ended)).toEqual(streams.map(() => true))
    // What was acknowledged is there.
    const created = answers.flatMap(({ status, body }) => (status === 201 ? [textAt(body, 'name')] : []))
    const { rows } = await withClient(database.url, (sql) =>
      sql.query<{ name: string }>('SELECT name FROM prompt_name'),
    )
    const stored = new Set(rows.map(({ name }) => name))
    expect(created.filter((name) => !stored.has(name))).toEqual([])
    await database.drop()
  })

  it('serves for limits.drain_ms, not ready, and asks for new connections', async () => {
    const app = await startApp({ config: { limits: { drain_ms: DRAIN_MS } } })
    await createPrompt(app, 'known', 'Hello {{ who }}')
    const agents = Array.from({ length: CLIENTS }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
    const seen = agents.map((): Seen[] => [])
    const busy = agents.map((agent, n) => keepAsking(app, agent, seen[n] ?? []))
    await until('load', () => seen.every((answers) => answers.length > 2))
    const told = performance.now()
    const stopped = app.stop()
    await until('not ready', () => isNotReady(app), { within: 5_000 })
    const during = seen.map((answers) => answers.length)
    await until('they are served on', () => seen.every((answers, n) => answers.length > (during[n] ?? 0) + 3))
    const late = await Promise.all([
      call(app, 'GET', '/api/prompts/known/render?who=you'),
      call(app, 'POST', '/api/prompts', { body: { name: 'late', template_content: 'x' } }),
      call(app, 'GET', '/prompts'),
      mcp(app, 'ping'),
      call(app, 'GET', '/nothing'),
    ])
    expect(late.map(({ status }) => status)).toEqual([200, 201, 200, 200, 404])
    for (const { headers } of late) expect(headers.get('connection')).toBe('close')
    expect((await call(app, 'GET', '/health')).body).toMatchObject({ status: 'draining' })
    expect(await stopped).toBe(0)
    expect(performance.now() - told).toBeGreaterThanOrEqual(DRAIN_MS)
    await Promise.all(busy)
    for (const answers of seen) {
      // None was reset or cut off before nothing listened any more (the kernel resets who waits in the queue then).
      expect(answers.slice(0, -1).filter((answer) => answer !== 200)).toEqual([])
      expect(['ECONNREFUSED', 'ECONNRESET']).toContain(answers.at(-1))
    }
    for (const agent of agents) agent.destroy()
  })

  it.each(ONLY_FULL)('does not wait for somebody at a keyboard', async () => {
    const app = await startApp({ config: { limits: { drain_ms: 60_000 } } })
    const stopped = app.stop()
    await until('not ready', () => isNotReady(app))
    process.kill(app.pid, 'SIGINT')
    expect(await stopped).toBe(0)
  })

  it('answers a write that is under way, though it takes a while', async () => {
    const database = await startedDatabase()
    const app = await startApp({ database: database.url })
    const writing = await withHeldWorkspace(database.url, async (release) => {
      const asked = call(app, 'POST', '/api/prompts', { body: { name: 'late', template_content: 'x' } })
      await waitUntilBlocked(database.url)
      const stopped = app.stop()
      await until('not ready', () => isNotReady(app), { within: 5_000 })
      await release()
      expect(await stopped).toBe(0)
      return asked
    })
    expect(writing.status).toBe(201)
    expect(at(writing.body, 'name')).toBe('late')
    await database.drop()
  })

  it.each(ONLY_FULL)('ends by its deadline when a request never comes to an end', async () => {
    const database = await startedDatabase()
    const app = await startApp({ database: database.url, env: { INCIPIT_SHUTDOWN_TIMEOUT_MS: '2000' } })
    await withHeldWorkspace(database.url, async () => {
      const asked = attempt(() =>
        call(app, 'POST', '/api/prompts', { body: { name: 'stuck', template_content: 'x' } }),
      )
      await waitUntilBlocked(database.url)
      const told = performance.now()
      await app.stop()
      expect(performance.now() - told).toBeLessThan(4_000)
      await asked
    })
    await database.drop()
  })

  it('ends at once while it still waits for its database', async () => {
    const nobody = 'postgresql://incipit@127.0.0.1:1/incipit'
    const app = await startApp({ database: nobody, until: 'live' })
    const told = performance.now()
    expect(await app.stop()).toBe(0)
    expect(performance.now() - told).toBeLessThan(5_000)
  })

  it.each(ONLY_FULL)('ends by its deadline when the database does not answer', async () => {
    const postgres = await startFaultyPostgres('embedded')
    const app = await startApp({ database: postgres.url })
    await createPrompt(app, 'known', 'Hello {{ who }}')
    await call(app, 'GET', '/api/prompts/known/render?who=you')
    postgres.freeze()
    await until('the app knows', async () => (await call(app, 'GET', '/health/ready')).status === 503)
    const told = performance.now()
    expect(await app.stop()).toBe(0)
    expect(performance.now() - told).toBeLessThan(10_000)
    postgres.thaw()
    await postgres.stop()
  })
})
