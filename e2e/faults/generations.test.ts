import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntilBlocked } from '#lib/testing/blocked.ts'
import { withClient } from '#lib/testing/database.ts'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { isFullRun, POSTGRES_KINDS } from '../extent.ts'
import { freePort, type RunningApp, startApp } from '../start-app.ts'
import { call, textAt } from './harness/api.ts'
import { type FaultyPostgres, startFaultyPostgres } from './harness/faulty-postgres.ts'
import { until } from './harness/until.ts'

const G = '/api/generations'
const PRICES = { input_price_per_million: 3, output_price_per_million: 15 }
/** Runs of a process that is gone are taken over soon; however often it was killed. */
const CONFIG = {
  inngest: { lease_ms: 2000, poll_ms: 200, crashes: 100 },
  ai: { retries: 10, silent_ms: 1000 },
}

interface Generation {
  id: string
  status: string
  text: string
  cost: number
  finished_at: string | null
  attempts: { status: string; cost: number | null; error: { code: string } | null }[]
}

let double: ProviderDouble
beforeAll(async () => {
  double = await startProviderDouble()
})
afterAll(() => double.close())

async function prepare(app: RunningApp, model: string): Promise<string> {
  const name = `model-${randomInt(1_000_000)}`
  const prompt = { name: 'greeting', template_content: 'Hello {{ who }}' }
  await call(app, 'POST', '/api/prompts', { body: prompt })
  const body = { name, provider: 'openai-compatible', base_url: double.openaiUrl, model, ...PRICES }
  expect((await call(app, 'POST', '/api/ai/configurations', { body })).status).toBe(201)
  return name
}

const request = (app: { url: string }, configuration: string, key: string) =>
  call(app, 'POST', G, {
    body: { prompt: 'greeting', variables: { who: 'Ada' }, configuration },
    headers: { 'idempotency-key': key },
    within: 15_000,
  })

async function read(app: { url: string }, id: string): Promise<Generation> {
  const { status, body } = await call(app, 'GET', `${G}/${id}`)
  if (status !== 200) throw new Error(`status ${status}`)
  return body as unknown as Generation
}

/** A process that dies between the commit and the event leaves it to the outbox. */
const ended = (app: { url: string }, id: string) =>
  until(
    `the end of ${id}`,
    async () => {
      const generation = await read(app, id)
      return generation.finished_at === null ? undefined : generation
    },
    { within: 180_000, every: 100 },
  )

/** What a configuration was charged, by its attempts and by its windows. */
async function charged(url: string, configuration: string) {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ costs: number; cost: number; spent: number }>(
      `SELECT (SELECT count(cost)::integer FROM generation_attempt WHERE configuration_name = $1) AS costs,
         (SELECT sum(cost)::float8 FROM generation_attempt WHERE configuration_name = $1) AS cost,
         (SELECT sum(s.cost)::float8 FROM ai_spending s JOIN ai_configuration c ON s.subject = 'configuration:' || c.id
          WHERE c.name = $1 AND s.period = 'month') AS spent`,
      [configuration],
    )
    return rows[0]
  })
}

describe('case 26: kill -9 of the worker', () => {
  it('after the provider answered and before that was kept: asked again, charged once', async () => {
    const first = await startApp({ config: CONFIG })
    const url = first.databaseUrl ?? ''
    const configuration = await prepare(first, 'words-5.after-300')
    double.reset()
    const { body } = await request(first, configuration, 'one')
    const id = textAt(body, 'id')
    await double.received(1)
    await withClient(url, async (client) => {
      // Whoever wants to keep the answer has to wait for this row.
      await client.query('BEGIN')
      await client.query('SELECT FROM generated_content WHERE id = $1 FOR UPDATE', [id])
      await until('the answer is sent', () => double.active === 0)
      await waitUntilBlocked(url)
      await first.kill()
      // What has reached the database would be kept, although nobody is left to hear of it.
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      await client.query('ROLLBACK')
    })
    const second = await startApp({ config: CONFIG, database: url })
    const done = await ended(second, id)
    expect(done).toMatchObject({
      status: 'succeeded',
      text: ' word1 word2 word3 word4 word5',
      attempts: [
        { status: 'failed', cost: null, error: { code: 'interrupted' } },
        { status: 'succeeded', cost: done.cost },
      ],
    })
    expect(double.calls).toHaveLength(2)
    expect(await charged(url, configuration)).toEqual({ costs: 1, cost: done.cost, spent: done.cost })
    await second.stop()
  })

  it('after the answer was kept: neither asked nor charged again', async () => {
    const first = await startApp({ config: CONFIG })
    const url = first.databaseUrl ?? ''
    const configuration = await prepare(first, 'words-5')
    double.reset()
    const { body } = await request(first, configuration, 'one')
    const id = textAt(body, 'id')
    await withClient(url, (client) =>
      until(
        'the answer is kept',
        async () =>
          (
            await client.query('SELECT FROM generated_content WHERE id = $1 AND finished_at IS NOT NULL', [
              id,
            ])
          ).rowCount === 1,
        { every: 1 },
      ),
    )
    await first.kill()
    const second = await startApp({ config: CONFIG, database: url })
    // The run goes on after its lease: what it does then is over when its job is.
    await withClient(url, (client) =>
      until(
        'the pieces are gone',
        async () => (await client.query('SELECT FROM generation_chunk')).rowCount === 0,
      ),
    )
    const done = await read(second, id)
    expect(done).toMatchObject({ status: 'succeeded', attempts: [{ status: 'succeeded' }] })
    expect(double.calls).toHaveLength(1)
    expect(await charged(url, configuration)).toEqual({ costs: 1, cost: done.cost, spent: done.cost })
    await second.stop()
  })
})

const APP_KILLS = 4
const DATABASE_KILLS = 2
const CALLERS = 6

/** Asks again and again; when no answer comes, with the same key. */
async function keepAsking(
  app: () => RunningApp,
  configuration: string,
  caller: number,
  keepOn: () => boolean,
  ids: string[],
) {
  for (let n = 0; keepOn(); n++) {
    const key = `${caller}-${n}`
    const id = await until(
      `an answer to ${key}`,
      async () => {
        const { status, body } = await request(app(), configuration, key)
        if (status === 503 || status === 409) return undefined
        if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
        return textAt(body, 'id')
      },
      { within: 60_000, every: 50 },
    )
    ids.push(id)
  }
}

async function killTheDatabase(app: RunningApp, postgres: FaultyPostgres): Promise<void> {
  await postgres.kill()
  await until('the app notices', async () => (await call(app, 'GET', '/health/ready')).status === 503)
  await postgres.restart()
  await app.ready(30_000)
}

describe.concurrent.each(isFullRun ? POSTGRES_KINDS : [])('kill -9 while generating (%s)', (kind) => {
  it('loses no generation and charges each answer once', async () => {
    const postgres = await startFaultyPostgres(kind)
    const port = await freePort()
    let app = await startApp({ database: postgres.url, port, config: CONFIG })
    const configuration = await prepare(app, 'words-8.every-20')
    const ids: string[] = []
    let keepOn = true
    const asking = Promise.all(
      Array.from({ length: CALLERS }, (_, n) =>
        keepAsking(
          () => app,
          configuration,
          n,
          () => keepOn,
          ids,
        ),
      ),
    )
    // Awaited below; until then another failure is told first.
    asking.catch(() => undefined)
    for (let kill = 0; kill < APP_KILLS + DATABASE_KILLS; kill++) {
      const enough = ids.length + randomInt(5, 15)
      await until('some more', () => ids.length >= enough, { within: 60_000, every: 1 })
      if (kill % 3 === 2) await killTheDatabase(app, postgres)
      else {
        await app.kill()
        app = await startApp({ database: postgres.url, port, config: CONFIG })
      }
    }
    keepOn = false
    await asking
    const all = await Promise.all(ids.map((id) => ended(app, id)))
    const odd = all.filter(({ status, text }) => status !== 'succeeded' || !text.endsWith(' word8'))
    expect(odd).toEqual([])
    const answers = all.map(({ attempts }) => attempts.filter(({ cost }) => cost !== null).length)
    expect(answers.every((count) => count === 1)).toBe(true)
    const cost = all.reduce((sum, each) => sum + each.cost, 0)
    const total = await charged(postgres.url, configuration)
    expect(total?.costs).toBe(ids.length)
    expect(total?.cost).toBeCloseTo(cost, 9)
    expect(total?.spent).toBeCloseTo(cost, 9)
    expect(await app.stop()).toBe(0)
    await postgres.stop()
  }, 400_000)
})
