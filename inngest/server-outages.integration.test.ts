import { type ServerDouble, startServerDouble } from '@incipit/inngest-embedded/testing/server-double'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#lib/access/actor.ts'
import type { CreateConfigurationInput } from '#lib/ai/schema.ts'
import { awaitGeneration } from '#lib/generations/operations/await-generation.ts'
import { cancelGeneration } from '#lib/generations/operations/cancel-generation.ts'
import { getGeneration } from '#lib/generations/operations/get-generation.ts'
import { requestGeneration } from '#lib/generations/operations/request-generation.ts'
import { endAbandoned } from '#lib/generations/sweeps/end-abandoned.ts'
import { checkHealth, checkReadiness } from '#lib/health/check-health.ts'
import { createLog } from '#lib/log.ts'
import { outbox } from '#lib/outbox/outbox.ts'
import { makePrompt } from '#lib/testing/factories.ts'
import { eventually, makeDoubleConfiguration, spendingOf } from '#lib/testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { inngestRoute } from './route.ts'
import { startServerSide } from './server-side.ts'
import { startBackgroundWork } from './start.ts'

const SIGNING_KEY = `signkey-test-${'ab12'.repeat(16)}`
/** A second of the server: its ten minutes are three seconds, its lease of 30 seconds is 150 ms. */
const SECOND_MS = 5
const SEND_MS = 400
const QUIET_MS = 1500

let app: TestRuntime
let actor: Actor
let provider: ProviderDouble
let server: ServerDouble
let isReachable = true
/** Calls of the server that are under way: an app that is cut off answers none of them. */
const cuts = new Set<() => void>()
const lines: string[] = []

beforeAll(async () => {
  provider = await startProviderDouble()
  const { POST } = inngestRoute()
  server = await startServerDouble({
    signingKey: SIGNING_KEY,
    secondMs: SECOND_MS,
    async deliver(request) {
      if (!isReachable) throw new TypeError('fetch failed')
      const { promise, reject } = Promise.withResolvers<never>()
      const cut = () => reject(new TypeError('terminated'))
      cuts.add(cut)
      try {
        return await Promise.race([POST(request), promise])
      } finally {
        cuts.delete(cut)
      }
    },
  })
  app = await testRuntime({
    ai: { retries: 1, silent_ms: 500 },
    limits: { outbox_retry_ms: 50, outbox_retry_max_ms: 200 },
    inngest: { mode: 'server', app_url: 'http://localhost', send_ms: SEND_MS, quiet_ms: QUIET_MS },
  })
  Object.assign(app.runtime.config, {
    inngestServer: {
      baseUrl: server.url,
      eventKey: 'key',
      signingKey: SIGNING_KEY,
      signingKeyFallback: undefined,
      isDev: false,
    },
  })
  const log = createLog({ level: 'info', format: 'json' }, { write: (line: string) => void lines.push(line) })
  Object.assign(app.runtime, { log })
  actor = app.actor()
  await makePrompt(actor, { name: 'greeting' })
  await startBackgroundWork()
  outbox().start()
  await eventually(
    () => server.registered.length,
    (count) => count === 1,
  )
})
afterAll(async () => {
  await app.close()
  await server.close()
  await provider.close()
})
beforeEach(() => provider.reset())

async function ask(input: Partial<CreateConfigurationInput> = {}) {
  const configuration = await makeDoubleConfiguration(actor, provider, input)
  const asked = await requestGeneration(app.actor(), {
    prompt: 'greeting',
    variables: { who: 'Ada' },
    configuration: configuration.name,
  })
  return { id: asked.id, configuration }
}

async function outboxOf(id: string): Promise<string[]> {
  const { rows } = await app.runtime.database.primary.pool.query<{ name: string }>(
    'SELECT name FROM outbox WHERE subject = $1 ORDER BY written_at',
    [id],
  )
  return rows.map(({ name }) => name)
}

const done = (id: string) => awaitGeneration(actor, { id, seconds: 30 })

/** Ten minutes of the server. */
function tenMinutes(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, 600 * SECOND_MS)
  return promise
}

const triesOf = (id: string) =>
  server.runs.all.find(({ event }) => event.data.generation_id === id)?.attempt ?? 0

describe('reliability case 39: an Inngest server', () => {
  it('knows the functions from the start of the app, as they are now', async () => {
    expect(server.registered).toEqual(['http://localhost/api/inngest'])
    const { inngest } = app.runtime.config
    const limit = () =>
      server.runs.functions.find(({ id }) => id.endsWith('run-generation'))?.concurrency?.limit
    expect(limit()).toBe(inngest.provider_concurrency)
    const priority = server.runs.functions.find(({ id }) => id.endsWith('run-generation'))?.priority
    const event = (queue: string) => ({ name: 'generation/requested', id: '1', ts: 0, data: { queue } })
    expect(priority?.evaluate(event('interactive'))).toBe(43_200)
    expect(priority?.evaluate(event('batch'))).toBe(0)
    Object.assign(inngest, { provider_concurrency: 7 })
    startServerSide(app.runtime)
    await eventually(limit, (found) => found === 7)
    expect(lines.some((line) => line.includes('inngest.workers'))).toBe(true)
  })

  it('runs what it is told, and tries again what the provider refused, not too early', async () => {
    const { id } = await ask()
    expect(await done(id)).toMatchObject({ status: 'succeeded' })
    const model = 'double-busy'
    provider.arrange(model, { status: 429, headers: { 'retry-after': '2' } }, {})
    const busy = await ask({ model })
    const from = performance.now()
    await provider.received(2)
    await provider.received(3)
    expect(await done(busy.id)).toMatchObject({ status: 'succeeded' })
    // Its number of seconds would have come up to a second early.
    expect(performance.now() - from).toBeGreaterThan(1900)
  })

  it('gives up after as many tries as the configuration says, whatever it counts itself', async () => {
    const { id } = await ask({ model: 'status-500' })
    expect((await done(id)).attempts).toHaveLength(2)
    expect(provider.calls).toHaveLength(2)
  })

  it('that cannot reach the app for ten minutes loses nothing, and nothing is asked twice', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => ask({ model: 'words-4.after-2000' })))
    await provider.received(4)
    isReachable = false
    for (const cut of cuts) cut()
    await tenMinutes()
    // More than what a configuration may be asked: none of these tries reached anybody.
    expect(Math.max(...all.map(({ id }) => triesOf(id)))).toBeGreaterThan(3)
    isReachable = true
    for (const { id, configuration } of all) {
      expect(await done(id)).toMatchObject({ status: 'succeeded', attempts: [{ status: 'succeeded' }] })
      expect((await spendingOf(configuration, 'month')).requests).toBe(1)
    }
    expect(provider.calls).toHaveLength(4)
  })

  it('that finds the app again, killed in the middle of a call ten minutes ago, has the call made anew', async () => {
    isReachable = false
    const { id, configuration } = await ask()
    // What the process that was killed left behind.
    const { pool } = app.runtime.database.primary
    await pool.query(`UPDATE generation_attempt SET status = 'running' WHERE generation_id = $1`, [id])
    await pool.query(`UPDATE generated_content SET status = 'running' WHERE id = $1`, [id])
    await tenMinutes()
    isReachable = true
    expect(await done(id)).toMatchObject({
      status: 'succeeded',
      attempts: [{ error: { code: 'interrupted' } }, { status: 'succeeded' }],
    })
    expect(provider.calls).toHaveLength(1)
    expect((await spendingOf(configuration, 'month')).requests).toBe(2)
  })

  it('that is restarted during a long call makes no second one', async () => {
    const { id } = await ask({ model: 'words-30.every-50' })
    await provider.received(1)
    const run = server.runs.all.find(({ event }) => event.data.generation_id === id)
    server.runs.restart()
    // Its lease runs out, and it calls again beside the first call.
    const calls = run?.calls ?? 0
    await eventually(
      () => run?.calls ?? 0,
      (count) => count > calls,
    )
    server.runs.restart()
    expect(await done(id)).toMatchObject({
      status: 'succeeded',
      attempts: [{ attempt: 1, status: 'succeeded' }],
    })
    await eventually(
      () => run?.status,
      (status) => status === 'completed',
    )
    expect(provider.calls).toHaveLength(1)
    expect(provider.peak).toBe(1)
  })

  it('that was restarted does not keep a call from being stopped', async () => {
    const { id } = await ask({ model: 'words-500.every-20' })
    await provider.received(1)
    server.runs.restart()
    await cancelGeneration(app.actor(), { id })
    expect(await done(id)).toMatchObject({ status: 'cancelled' })
    await eventually(
      () => provider.active,
      (count) => count === 0,
    )
    expect(provider.calls).toHaveLength(1)
  })

  it.each(['hangs', 'refuses'] as const)(
    'that %s keeps nobody waiting, and gets it all later',
    async (manner) => {
      server.manner = manner
      const from = performance.now()
      const { id } = await ask()
      const stopped = await ask()
      await cancelGeneration(app.actor(), { id: stopped.id })
      // Three sends; the promise is the time limit of each, the rest is the machine's.
      expect(performance.now() - from).toBeLessThan(3 * SEND_MS + 5000)
      expect(await getGeneration(actor, { id })).toMatchObject({ status: 'queued' })
      await expect(outboxOf(id)).resolves.toEqual(['generation/requested'])
      server.manner = 'answers'
      expect(await done(id)).toMatchObject({ status: 'succeeded' })
      expect(await getGeneration(actor, { id: stopped.id })).toMatchObject({ status: 'cancelled' })
      expect(provider.calls).toHaveLength(1)
    },
  )

  it('that has forgotten the app is told of it again', async () => {
    server.runs.forget()
    const { id } = await ask()
    await eventually(
      () => server.runs.functions.length,
      (count) => count > 0,
    )
    await app.runtime.database.primary.pool.query(
      `UPDATE generated_content SET created_at = created_at - interval '3 minutes' WHERE id = $1`,
      [id],
    )
    await endAbandoned()
    expect(await done(id)).toMatchObject({ status: 'succeeded' })
  })

  it('that is deaf is told of, while the app stays ready, and does the work once it calls again', async () => {
    await eventually(checkHealth, ({ background_work }) => background_work === 'up')
    lines.length = 0
    server.runs.isDeaf = true
    const { id } = await ask()
    await eventually(checkHealth, ({ background_work }) => background_work === 'silent')
    expect(checkHealth().status).toBe('degraded')
    expect(checkReadiness().checks).not.toHaveProperty('background_work')
    expect(lines.some((line) => line.includes('no Inngest server calls /api/inngest'))).toBe(true)
    expect(await getGeneration(actor, { id })).toMatchObject({ status: 'queued' })
    server.runs.isDeaf = false
    expect(await done(id)).toMatchObject({ status: 'succeeded' })
    await eventually(checkHealth, ({ background_work }) => background_work === 'up')
    expect(lines.some((line) => line.includes('the Inngest server calls again'))).toBe(true)
  })
})
