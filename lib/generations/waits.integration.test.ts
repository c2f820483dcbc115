import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { loadConfiguration } from '../ai/operations/load-configuration.ts'
import { setJobSender } from '../jobs.ts'
import { makeOtherWorkspace, makePrompt } from '../testing/factories.ts'
import { eventually, makeDoubleConfiguration } from '../testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '../testing/provider-double/server.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { cancelGeneration } from './operations/cancel-generation.ts'
import { getGeneration } from './operations/get-generation.ts'
import { listGenerations } from './operations/list-generations.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { beginAttempt } from './runs/begin-attempt.ts'
import { finishAttempt } from './runs/finish-attempt.ts'
import { loadRun } from './runs/load-run.ts'
import { noteWait } from './runs/note-wait.ts'
import { runAttempt } from './runs/run-attempt.ts'

let app: TestRuntime
let actor: Actor
let double: ProviderDouble
let configuration: { id: string; name: string }

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime()
  actor = app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(actor, { name: 'greeting' })
  configuration = await makeDoubleConfiguration(actor, double, { model: 'words-5000.every-5' })
})
afterAll(async () => {
  await app.close()
  await double.close()
})

let id: string
beforeEach(async () => {
  const asked = { prompt: 'greeting', variables: { who: 'Ada' }, configuration: configuration.name }
  id = (await requestGeneration(app.actor(), asked)).id
})

const note = (kind: 'limit' | 'backoff', seconds: number, as = actor) =>
  noteWait(as, { id, configurationId: configuration.id, kind, seconds })
const waits = async () => (await getGeneration(actor, { id })).waits

async function begin() {
  const [loaded] = await loadConfiguration(actor, { name: configuration.name })
  const begun = await beginAttempt(actor, { id, configuration: loaded })
  if (begun.kind !== 'begun') throw new Error(`it did not begin: ${begun.kind}`)
  return { configuration: loaded, begun }
}

describe('what a generation waits for', () => {
  it('is on record in its order, and a wait that goes on is one', async () => {
    await note('limit', 20)
    await note('limit', 30)
    const [first, ...others] = await waits()
    expect(others).toEqual([])
    expect(first).toMatchObject({ kind: 'limit', configuration: configuration.name, after_attempt: 0 })
    expect(first?.ms).toBeGreaterThanOrEqual(30_000)
    expect(first?.ms).toBeLessThan(50_000)
    const { begun } = await begin()
    const failed = {
      status: 'failed',
      isCalled: true,
      reason: { code: 'overloaded', message: 'no' },
    } as const
    await finishAttempt(actor, { id, attempt: begun.attempt, end: failed, text: '' })
    await note('backoff', 1)
    expect((await waits()).slice(1)).toEqual([
      {
        kind: 'backoff',
        configuration: configuration.name,
        after_attempt: 1,
        at: expect.any(String),
        ms: 1000,
      },
    ])
  })

  it('is not written of another workspace, nor of one that has ended, nor without end', async () => {
    await note('limit', 1, await makeOtherWorkspace())
    expect(await waits()).toEqual([])
    for (let n = 0; n < 110; n += 1) await note(n % 2 === 0 ? 'limit' : 'backoff', 1)
    expect(await waits()).toHaveLength(100)
    await cancelGeneration(app.actor(), { id })
    await note('limit', 1)
    expect(await waits()).toHaveLength(100)
  })

  it('is waited for all the same when it cannot be written down', async () => {
    const spy = vi.spyOn(app.runtime.database.primary.pool, 'query').mockRejectedValue(new Error('away'))
    await note('limit', 1)
    spy.mockRestore()
    expect(await waits()).toEqual([])
  })
})

describe('the time of a generation', () => {
  it('has the moment that a run took it, the first time', async () => {
    const { workspaceId } = app.identity
    expect((await getGeneration(actor, { id })).taken_at).toBeNull()
    await loadRun({ workspaceId, id, runId: 'one' })
    const { taken_at: taken } = await getGeneration(actor, { id })
    expect(taken).not.toBeNull()
    await loadRun({ workspaceId, id, runId: 'one' })
    expect((await getGeneration(actor, { id })).taken_at).toBe(taken)
  })

  it('keeps the first token of one that is stopped', async () => {
    const { configuration: loaded, begun } = await begin()
    const run = runAttempt(actor, { id, configuration: loaded, begun })
    await eventually(
      async () => (await getGeneration(actor, { id })).text,
      (text) => text !== null && text !== '',
    )
    await cancelGeneration(app.actor(), { id })
    await run
    const stopped = await getGeneration(actor, { id })
    expect(stopped).toMatchObject({ status: 'cancelled', first_token_ms: expect.any(Number) })
    expect(stopped.queue_ms).toBeGreaterThanOrEqual(0)
  })
})

describe('the model of a generation', () => {
  const ANSWER = { status: 'succeeded', isCalled: true } as const

  it('is the one that answered, else the one that was asked', async () => {
    const other = await makeDoubleConfiguration(actor, double, { model: 'the-fallback' })
    const found = async (model: string) =>
      (await listGenerations(actor, { model })).items.map((each) => each.id)
    expect(await found('words-5000.every-5')).toContain(id)
    const { begun } = await begin()
    await finishAttempt(actor, { id, attempt: begun.attempt, end: { ...ANSWER, status: 'failed' }, text: '' })
    const [loaded] = await loadConfiguration(actor, { name: other.name })
    const second = await beginAttempt(actor, { id, configuration: loaded })
    if (second.kind !== 'begun') throw new Error('it did not begin')
    await finishAttempt(actor, { id, attempt: second.attempt, end: ANSWER, text: 'yes' })
    expect(await found('the-fallback')).toEqual([id])
    expect(await getGeneration(actor, { id })).toMatchObject({ model: 'the-fallback' })
  })

  it('is known of rows that an older version writes', async () => {
    const { rows } = await app.runtime.database.primary.pool.query<{ model: string }>(
      `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, checksum, variables, messages,
         configuration, queue, status, created_by)
       SELECT gen_random_uuid(), workspace_id, prompt_id, version_number, checksum, variables, messages, configuration,
         queue, 'queued', created_by FROM generated_content WHERE workspace_id = $1 AND id = $2 RETURNING model`,
      [app.identity.workspaceId, id],
    )
    expect(rows).toEqual([{ model: 'words-5000.every-5' }])
  })
})
