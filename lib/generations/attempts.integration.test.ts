import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { getConfiguration } from '../ai/operations/get-configuration.ts'
import { loadConfiguration } from '../ai/operations/load-configuration.ts'
import { patchConfiguration } from '../ai/operations/patch-configuration.ts'
import { type AppError, isAppError } from '../errors.ts'
import { setJobSender } from '../jobs.ts'
import { makePrompt } from '../testing/factories.ts'
import { eventually, makeDoubleConfiguration, spendingOf } from '../testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '../testing/provider-double/server.ts'
import { refusal } from '../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { countSpending } from '../usage/spending/count-spending.ts'
import { cancelGeneration } from './operations/cancel-generation.ts'
import { configurationHealth } from './operations/configuration-health.ts'
import { getGeneration } from './operations/get-generation.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { beginAttempt } from './runs/begin-attempt.ts'
import { failUnanswered } from './runs/fail-generation.ts'
import { finishAttempt } from './runs/finish-attempt.ts'
import { loadRun } from './runs/load-run.ts'
import { runAttempt } from './runs/run-attempt.ts'
import { tryConfiguration } from './runs/try-configuration.ts'
import { endAbandoned } from './sweeps/end-abandoned.ts'
import { expireGenerations } from './sweeps/expire-generations.ts'

const PRICES = { input_price_per_million: 3, output_price_per_million: 15 }

let app: TestRuntime
let actor: Actor
let double: ProviderDouble

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime({ ai: { silent_ms: 200 } })
  actor = app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(actor, { name: 'greeting' })
})
afterAll(async () => {
  await app.close()
  await double.close()
})
beforeEach(() => double.reset())

const sql = (text: string, values: unknown[] = []) =>
  app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)

const request = (configuration: { name: string }) =>
  requestGeneration(app.actor(), {
    prompt: 'greeting',
    variables: { who: 'Ada' },
    configuration: configuration.name,
  })

async function loaded(configuration: { name: string }) {
  const [first] = await loadConfiguration(actor, { name: configuration.name })
  return first
}

async function begin(id: string, configuration: { name: string }) {
  const begun = await beginAttempt(actor, { id, configuration: await loaded(configuration) })
  if (begun.kind !== 'begun') throw new Error(`it did not begin: ${begun.kind}`)
  return begun
}

const ANSWER = {
  status: 'succeeded',
  isCalled: true,
  used: { tokens: { input: 10, output: 5 }, cost: 0.5 },
} as const

it('is a conflict to ask a configuration that is deleted elsewhere at the same moment', async () => {
  const configuration = await makeDoubleConfiguration(actor, double, PRICES)
  await request(configuration)
  // Nobody tells this instance.
  await sql('DELETE FROM ai_configuration WHERE name = $1', [configuration.name])
  expect(await refusal(request(configuration))).toMatchObject({ code: 'conflict', retryAfter: 1 })
})

describe('an attempt whose process is gone', () => {
  it('is ended when the next one begins, uncharged, and its late answer is not kept', async () => {
    const configuration = await makeDoubleConfiguration(actor, double, PRICES)
    const { id } = await request(configuration)
    const lost = await begin(id, configuration)
    const next = await begin(id, configuration)
    expect(next).toMatchObject({ attempt: { attempt: 2 }, lastError: { code: 'interrupted' } })
    expect(await finishAttempt(actor, { id, attempt: lost.attempt, end: ANSWER, text: 'late' })).toBe(false)
    expect(await finishAttempt(actor, { id, attempt: next.attempt, end: ANSWER, text: 'kept' })).toBe(true)
    expect(await getGeneration(actor, { id })).toMatchObject({
      status: 'succeeded',
      text: 'kept',
      cost: 0.5,
      attempts: [{ error: { code: 'interrupted' }, cost: null }, { cost: 0.5 }],
    })
    expect(await spendingOf(configuration, 'month')).toEqual({ requests: 2, tokens: 15, cost: 0.5 })
  })

  it('is neither asked nor charged again when its answer was kept', async () => {
    const configuration = await makeDoubleConfiguration(actor, double, PRICES)
    const { id } = await request(configuration)
    const { id: configurationId } = configuration
    expect(await tryConfiguration(actor, { id, configurationId })).toEqual({ kind: 'ended' })
    const kept = await getGeneration(actor, { id })
    expect(await tryConfiguration(actor, { id, configurationId })).toEqual({ kind: 'ended' })
    await failUnanswered(actor, { id, reason: { code: 'internal', message: 'too late' } })
    expect(await getGeneration(actor, { id })).toEqual(kept)
    expect(double.calls).toHaveLength(1)
  })

  it('is ended by the sweeper once no call can be so long, or soon when it was stopped', async () => {
    const configuration = await makeDoubleConfiguration(actor, double)
    const dead = await request(configuration)
    const stopped = await request(configuration)
    const alive = await request(configuration)
    for (const { id } of [dead, stopped, alive]) await begin(id, configuration)
    await sql(
      `UPDATE generation_attempt SET started_at = now() - interval '1 day' WHERE generation_id = $1`,
      [dead.id],
    )
    expect(await cancelGeneration(app.actor(), { id: stopped.id })).toMatchObject({ status: 'running' })
    await sql(
      `INSERT INTO generation_chunk SELECT workspace_id, id, 1, 0, 'What came' FROM generated_content WHERE id = $1`,
      [stopped.id],
    )
    await sql(
      `UPDATE generated_content SET cancel_requested_at = now() - interval '11 seconds' WHERE id = $1`,
      [stopped.id],
    )
    expect(await endAbandoned()).toBe(false)
    expect(await getGeneration(actor, { id: stopped.id })).toMatchObject({
      status: 'cancelled',
      text: 'What came',
    })
    expect((await getGeneration(actor, { id: dead.id })).attempts).toMatchObject([
      { error: { code: 'interrupted' } },
    ])
    expect(await getGeneration(actor, { id: alive.id })).toMatchObject({ attempts: [{ status: 'running' }] })
    expect(await endAbandoned()).toBe(false)
  })
})

it('is paid for by the price that was valid when the call began', async () => {
  const configuration = await makeDoubleConfiguration(actor, double, PRICES)
  const { id } = await request(configuration)
  const usable = await loaded(configuration)
  const begun = await begin(id, configuration)
  const { etag } = await getConfiguration(actor, { name: configuration.name })
  const dearer = { input_price_per_million: 3000, output_price_per_million: 15_000 }
  await patchConfiguration(app.actor(), { current_name: configuration.name, if_match: etag, ...dearer })
  await runAttempt(actor, { id, configuration: usable, begun })
  const { input_tokens, output_tokens, cost } = await getGeneration(actor, { id })
  expect(cost).toBeCloseTo(((input_tokens ?? 0) * 3 + (output_tokens ?? 0) * 15) / 1_000_000, 9)
  expect(cost).toBeGreaterThan(0)
})

describe('a run', () => {
  it('takes a generation for itself: a second one ends at once', async () => {
    const { id } = await request(await makeDoubleConfiguration(actor, double))
    const { workspaceId } = actor
    expect(await loadRun({ workspaceId, id, runId: 'one' })).toMatchObject({ kind: 'run' })
    expect(await loadRun({ workspaceId, id, runId: 'two' })).toEqual({ kind: 'ended' })
    expect(await loadRun({ workspaceId, id, runId: 'one' })).toMatchObject({ kind: 'run' })
  })

  it('is told when its configuration is gone, and fails with that', async () => {
    const configuration = await makeDoubleConfiguration(actor, double)
    const { id } = await request(configuration)
    await sql('DELETE FROM ai_configuration WHERE id = $1', [configuration.id])
    const { workspaceId } = actor
    expect(await loadRun({ workspaceId, id, runId: 'one' })).toMatchObject({ configurationId: null })
    const tried = await tryConfiguration(actor, { id, configurationId: configuration.id })
    if (tried.kind !== 'refused') throw new Error(`it was not refused: ${tried.kind}`)
    await failUnanswered(actor, { id, reason: tried.reason })
    expect(await getGeneration(actor, { id })).toMatchObject({
      status: 'failed',
      configuration: configuration.name,
      error: { code: 'configuration_unusable' },
      attempts: [{ status: 'cancelled' }],
    })
  })
})

/** As callers do: what the database has no connection for at the moment is asked for again. */
async function retryUntil<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAppError(error) || error.code !== 'unavailable') throw error
    }
  }
}

/** The first refusal of a work that is done over and over: a minute that just began lets some pass. */
async function firstRefusal(work: () => Promise<unknown>): Promise<AppError> {
  for (;;) {
    try {
      await retryUntil(work)
    } catch (error) {
      if (isAppError(error)) return error
      throw error
    }
  }
}

describe('limits', () => {
  it('let exactly as many of 200 at once pass as there is room for, and say when the next may come', async () => {
    const configuration = await makeDoubleConfiguration(actor, double, { requests_per_minute: 60 })
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, () => retryUntil(() => request(configuration))),
    )
    // A minute may have ended meanwhile.
    const { rows } = await sql(`SELECT requests FROM ai_spending WHERE subject = $1 AND period = 'minute'`, [
      `configuration:${configuration.id}`,
    ])
    const passed = results.filter(({ status }) => status === 'fulfilled').length
    expect(passed).toBe(rows.reduce((sum, row) => sum + Number(row.requests), 0))
    expect(rows.every((row) => Number(row.requests) <= 60)).toBe(true)
    expect(passed % 60 === 0 || rows.length > 1).toBe(true)
    const refused = await firstRefusal(() => request(configuration))
    expect(refused).toMatchObject({ code: 'rate_limited', extra: { configuration: configuration.name } })
    expect(refused.retryAfter).toBeGreaterThan(0)
  })

  it('come out exact after 200 generations at once', async () => {
    const configuration = await makeDoubleConfiguration(actor, double, {
      ...PRICES,
      model: 'words-7',
      max_tokens: 20,
    })
    const all = await Promise.all(Array.from({ length: 200 }, () => retryUntil(() => request(configuration))))
    const { id: configurationId } = configuration
    await Promise.all(all.map(({ id }) => retryUntil(() => tryConfiguration(actor, { id, configurationId }))))
    const { rows } = await sql(
      `SELECT count(*)::integer AS answers, sum(cost)::float8 AS cost, sum(input_tokens + output_tokens)::integer AS tokens
       FROM generation_attempt WHERE configuration_id = $1 AND cost IS NOT NULL`,
      [configuration.id],
    )
    const spent = await spendingOf(configuration, 'month')
    expect(rows[0]).toEqual({ answers: 200, cost: spent.cost, tokens: spent.tokens })
    expect(spent.requests).toBe(200)
    expect(double.calls).toHaveLength(200)
  })

  it('of a quota that is used up lead to the fallback, and that is on record', async () => {
    const fallback = await makeDoubleConfiguration(actor, double)
    const configuration = await makeDoubleConfiguration(actor, double, {
      monthly_token_quota: 5,
      fallback: fallback.name,
    })
    expect(await request(configuration)).toMatchObject({
      status: 'queued',
      attempts: [
        { status: 'failed', error: { code: 'quota_exceeded' } },
        { status: 'waiting', configuration: fallback.name },
      ],
    })
    const alone = await makeDoubleConfiguration(actor, double, { monthly_token_quota: 5 })
    const refused = await refusal(request(alone))
    expect(refused).toMatchObject({ code: 'quota_exceeded', extra: { limit: 'monthly_token_quota' } })
    expect(
      (await sql('SELECT FROM generated_content WHERE configuration_id = $1', [alone.id])).rowCount,
    ).toBe(0)
  })

  it('are waited for by an attempt that has nothing set aside', async () => {
    const configuration = await makeDoubleConfiguration(actor, double, { requests_per_minute: 1 })
    const { id } = await request(configuration)
    await begin(id, configuration)
    const tried = await tryConfiguration(actor, { id, configurationId: configuration.id })
    // The next minute may have begun.
    if (tried.kind === 'ended') return
    expect(tried).toMatchObject({ kind: 'wait', reason: { code: 'limit_reached' } })
  })
})

describe('what is kept', () => {
  it('goes after its time, with everything that belongs to it', async () => {
    const configuration = await makeDoubleConfiguration(actor, double)
    const old = await request(configuration)
    const begun = await begin(old.id, configuration)
    await runAttempt(actor, { id: old.id, configuration: await loaded(configuration), begun })
    const recent = await request(configuration)
    await sql(`UPDATE generated_content SET created_at = now() - interval '400 days' WHERE id = $1`, [old.id])
    // It is in the sums of spending first.
    expect(await countSpending()).toBe(false)
    expect(await expireGenerations()).toBe(false)
    expect((await refusal(getGeneration(actor, { id: old.id }))).code).toBe('not_found')
    expect((await getGeneration(actor, { id: recent.id })).id).toBe(recent.id)
  })
})

it('has the model that answered, also when an instance of 0.2.0 has ended it', async () => {
  const [first, second] = [
    await makeDoubleConfiguration(actor, double, { model: 'first-model' }),
    await makeDoubleConfiguration(actor, double, { model: 'second-model' }),
  ]
  const { id } = await request(first)
  // The column that lists and sums look at.
  const model = async () =>
    (await sql('SELECT model FROM generated_content WHERE id = $1', [id])).rows[0]?.['model']
  expect(await model()).toBe('first-model')
  // What it writes of a fallback: the attempt, and in one statement the ends of both.
  await sql(
    `INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, configuration_name, provider, model, status, started_at)
     SELECT gen_random_uuid(), workspace_id, generation_id, 2, $2, 'second', provider, 'second-model', 'running', now()
     FROM generation_attempt WHERE generation_id = $1 AND attempt = 1`,
    [id, second.id],
  )
  await sql(
    `WITH failed AS (
       UPDATE generation_attempt SET status = 'failed', finished_at = now(), settled_at = now(), error_code = 'x'
       WHERE generation_id = $1 AND attempt = 1
     ), ended AS (
       UPDATE generation_attempt SET status = 'succeeded', finished_at = now(), settled_at = now()
       WHERE generation_id = $1 AND attempt = 2 RETURNING id
     )
     UPDATE generated_content SET status = 'succeeded', text = 'Hello', finished_at = now() FROM ended
     WHERE generated_content.id = $1`,
    [id],
  )
  expect(await model()).toBe('second-model')
})

it('keeps an answer whose counts, with those of earlier attempts, are more than a column holds', async () => {
  const most = { input: 2_147_483_647, output: 2_147_483_647 }
  const configuration = await makeDoubleConfiguration(actor, double)
  const { id } = await request(configuration)
  const used = { tokens: most, cost: 4_294_967_294 }
  const first = await begin(id, configuration)
  const failed = { status: 'failed', isCalled: true, used, reason: { code: 'x', message: 'y' } } as const
  await finishAttempt(actor, { id, attempt: first.attempt, end: failed, text: 'half' })
  for (let n = 0; n < 2; n++) {
    const next = await begin(id, configuration)
    const end = n === 0 ? failed : ({ status: 'succeeded', isCalled: true, used } as const)
    expect(await finishAttempt(actor, { id, attempt: next.attempt, end, text: 'whole' })).toBe(true)
  }
  const done = await getGeneration(actor, { id })
  expect(done).toMatchObject({ status: 'succeeded', text: 'whole', output_tokens: 2_147_483_647 })
  expect(done.cost).toBe(9_999_999_999)
})

it('keeps when the first text came, also of an answer that is stopped', async () => {
  const configuration = await makeDoubleConfiguration(actor, double, { model: 'words-2000.every-20' })
  const { id } = await request(configuration)
  const ended = tryConfiguration(actor, { id, configurationId: configuration.id })
  await eventually(
    () => getGeneration(actor, { id }),
    ({ text }) => (text ?? '').includes('word1'),
  )
  await cancelGeneration(app.actor(), { id })
  await ended
  const { status, first_token_ms: first, attempts } = await getGeneration(actor, { id })
  expect({ status, first }).toEqual({ status: 'cancelled', first: expect.any(Number) })
  expect(attempts).toMatchObject([{ first_token_ms: first }])
})

it('knows of each configuration that was asked whether it fails, and its last error', async () => {
  const [good, bad, unused] = [
    await makeDoubleConfiguration(actor, double),
    await makeDoubleConfiguration(actor, double),
    await makeDoubleConfiguration(actor, double),
  ]
  const end = async (configuration: { name: string }, end: Parameters<typeof finishAttempt>[1]['end']) => {
    const { id } = await request(configuration)
    const { attempt } = await begin(id, configuration)
    await finishAttempt(actor, { id, attempt, end, text: '' })
  }
  const failed = {
    status: 'failed',
    isCalled: true,
    reason: { code: 'timeout', message: 'Too slow.' },
  } as const
  await end(good, failed)
  await end(good, ANSWER)
  await end(bad, ANSWER)
  await end(bad, failed)
  const health = await configurationHealth(actor)
  const lastError = { code: 'timeout', message: 'Too slow.', at: expect.any(String) }
  expect(health[good.name]).toEqual({ ended: 2, failed: 1, isFailing: false, lastError })
  expect(health[bad.name]).toEqual({ ended: 2, failed: 1, isFailing: true, lastError })
  expect(health[unused.name]).toBeUndefined()
})
