import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { setJobSender } from '../jobs.ts'
import { outbox } from '../outbox/outbox.ts'
import { makePrompt } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { cancelBatch } from './operations/cancel-batch.ts'
import { cancelGeneration } from './operations/cancel-generation.ts'
import { listGenerations } from './operations/list-generations.ts'
import { requestBatch } from './operations/request-batch.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { retryGeneration } from './operations/retry-generation.ts'
import { failGeneration, failUnanswered } from './runs/fail-generation.ts'
import { tryConfiguration } from './runs/try-configuration.ts'
import { endAbandoned } from './sweeps/end-abandoned.ts'
import { endNotStarted } from './sweeps/end-not-started.ts'

/** What other connections see of all generations whenever somebody is told of them: `id status`. */
let seen: Promise<string[]>[] = []

let app: TestRuntime
let configurationId: string
beforeAll(async () => {
  app = await testRuntime()
  app.runtime.once('db.news', () => ({ publish: () => void seen.push(states()) }))
  setJobSender({ send: () => Promise.resolve() })
  const input = { name: 'echo', provider: 'echo', model: 'echo-fast' } as const
  configurationId = (await createConfiguration(app.actor(), input)).id
  await makePrompt(app.actor(), { name: 'greeting', template_content: 'Hello.' })
})
afterAll(() => app.close())

const sql = (text: string, values: unknown[] = []) =>
  app.runtime.database.primary.pool.query<{ state: string }>(text, values)

async function states(): Promise<string[]> {
  const { rows } = await sql(
    `SELECT id || ' ' || status AS state FROM generated_content WHERE workspace_id = $1`,
    [app.identity.workspaceId],
  )
  return rows.map(({ state }) => state)
}

/** What somebody who is told of something reads then. */
async function told(work: () => Promise<unknown>): Promise<string[][]> {
  seen = []
  await work()
  return Promise.all(seen)
}

const ask = () => requestGeneration(app.actor(), { prompt: 'greeting' })
const askForBatch = () =>
  requestBatch(app.actor(), { prompt: 'greeting', inputs: [{ variables: {} }, { variables: {} }] })
const reason = { code: 'lost', message: 'Lost.' }

describe('open pages are told, after the commit,', () => {
  it('of a generation that is asked for, begins and ends, and of one that is run again', async () => {
    const asked = await told(ask)
    const [queued = ''] = asked.at(-1) ?? []
    const id = queued.split(' ')[0] ?? ''
    expect(queued).toBe(`${id} queued`)
    const run = await told(() => tryConfiguration(app.actor(), { id, configurationId }))
    expect([run.at(0), run.at(-1)]).toEqual([[`${id} running`], [`${id} succeeded`]])
    const again = await told(() => retryGeneration(app.actor(), { id }))
    expect(again.at(-1)).toHaveLength(2)
  })

  it('of a batch, and of its end', async () => {
    let id = ''
    const asked = await told(async () => {
      id = (await askForBatch()).id
    })
    const { items } = await listGenerations(app.actor(), { batch: id })
    expect(asked.at(-1)).toEqual(expect.arrayContaining(items.map((item) => `${item.id} queued`)))
    const stopped = await told(() => cancelBatch(app.actor(), { id }))
    expect(stopped.at(-1)).toEqual(expect.arrayContaining(items.map((item) => `${item.id} cancelled`)))
  })

  it('of one that is asked for with a key', async () => {
    const idempotency = { key: 'once', route: 'POST /api/generations', bodyHash: 'x' }
    const keyed = () => requestGeneration(app.actor({ idempotency }), { prompt: 'greeting' })
    expect(await told(keyed)).not.toEqual([])
  })

  it.each([
    ['is stopped', 'cancelled', (id: string) => cancelGeneration(app.actor(), { id })],
    ['fails', 'failed', (id: string) => failGeneration(app.actor(), { id, reason })],
    ['is answered by nobody', 'failed', (id: string) => failUnanswered(app.actor(), { id, reason })],
    ['is taken by nobody', 'failed', (id: string) => longAgo(id, endNotStarted)],
    ['is left by its run', 'failed', (id: string) => longAgo(id, endAbandoned, 'gone')],
    ['was stopped while its process died', 'cancelled', (id: string) => stoppedLongAgo(id)],
  ])('of one that %s', async (_, status, end) => {
    const { id } = await ask()
    const heard = await told(() => end(id))
    expect(heard.at(-1)).toContain(`${id} ${status}`)
  })
})

async function longAgo(id: string, upkeep: () => Promise<unknown>, runId: string | null = null) {
  await sql(
    `UPDATE generated_content SET created_at = created_at - interval '2 days', run_id = $2 WHERE id = $1`,
    [id, runId],
  )
  await sql(`UPDATE generation_attempt SET settled_at = NULL WHERE generation_id = $1`, [id])
  await outbox().settled()
  await upkeep()
}

async function stoppedLongAgo(id: string) {
  await sql(`UPDATE generated_content SET cancel_requested_at = now() - interval '1 hour' WHERE id = $1`, [
    id,
  ])
  await endAbandoned()
}
