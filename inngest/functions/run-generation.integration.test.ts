import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#lib/access/actor.ts'
import { setCurrentRights } from '#lib/access/current-rights.ts'
import type { CreateConfigurationInput } from '#lib/ai/schema.ts'
import { awaitGeneration } from '#lib/generations/operations/await-generation.ts'
import { cancelGeneration } from '#lib/generations/operations/cancel-generation.ts'
import { getGeneration } from '#lib/generations/operations/get-generation.ts'
import { requestGeneration } from '#lib/generations/operations/request-generation.ts'
import { retryGeneration } from '#lib/generations/operations/retry-generation.ts'
import { jobSender, setJobSender } from '#lib/jobs.ts'
import { outbox } from '#lib/outbox/outbox.ts'
import { makePrompt, pinnedTo, viewerOf } from '#lib/testing/factories.ts'
import { eventually, makeDoubleConfiguration, spendingOf } from '#lib/testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { refusal } from '#lib/testing/refusal.ts'
import { actorLike, type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { startBackgroundWork } from '../start.ts'

const PRICES = { input_price_per_million: 2, output_price_per_million: 10 }

let app: TestRuntime
let actor: Actor
let double: ProviderDouble

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime({
    ai: { retries: 1, first_token_ms: 1500, idle_ms: 600, breaker_failures: 4, breaker_open_ms: 60_000 },
    limits: { generation_flush_ms: 30, outbox_retry_ms: 20 },
  })
  actor = app.actor()
  await startBackgroundWork()
  await makePrompt(actor, { name: 'greeting' })
})
afterAll(async () => {
  await app.close()
  await double.close()
})
beforeEach(() => double.reset())

const configure = (input: Partial<CreateConfigurationInput> = {}) =>
  makeDoubleConfiguration(actor, double, input)

async function run(configuration: { name: string }, wait = 20) {
  const variables = { who: 'Ada' }
  return requestGeneration(app.actor(), {
    prompt: 'greeting',
    variables,
    configuration: configuration.name,
    wait,
  })
}

describe('a generation', () => {
  it('keeps what was run, with what, and what came of it', async () => {
    const configuration = await configure({ model: 'words-3', max_tokens: 50, ...PRICES })
    const queued = await requestGeneration(app.actor({ surface: 'browser' }), {
      prompt: 'greeting',
      variables: { who: 'Ada' },
      configuration: configuration.name,
    })
    expect(queued).toMatchObject({
      status: 'queued',
      version: 1,
      label: 'production',
      messages: [{ role: 'user', content: 'Hello Ada.' }],
      attempts: [{ attempt: 1, status: 'waiting', configuration: configuration.name }],
    })
    const done = await awaitGeneration(actor, { id: queued.id, seconds: 20 })
    const input = done.input_tokens ?? 0
    expect(done).toMatchObject({
      status: 'succeeded',
      text: ' word1 word2 word3',
      output_tokens: 3,
      cost: (input * 2 + 3 * 10) / 1_000_000,
      finish_reason: 'stop',
      error: null,
      configuration_as_it_was: { model: 'words-3', max_tokens: 50 },
      attempts: [{ status: 'succeeded', provider_request_id: 'req_double', output_tokens: 3 }],
    })
    const spent = { requests: 1, tokens: input + 3, cost: done.cost }
    expect(await spendingOf(configuration, 'month')).toEqual(spent)
    expect(await spendingOf(configuration, 'minute')).toEqual(spent)
    expect(await getGeneration(actor, { id: queued.id })).toEqual(done)
  })

  it('runs a draft that is kept with it, and names the version that it began from', async () => {
    const configuration = await configure()
    const draft = { messages: [{ role: 'user' as const, content: 'Bye {{ who }}' }], variables: ['who'] }
    const done = await requestGeneration(app.actor(), {
      prompt: 'greeting',
      draft,
      variables: { who: 'Ada' },
      configuration: configuration.name,
      wait: 20,
    })
    expect(done).toMatchObject({
      status: 'succeeded',
      is_draft: true,
      version: 1,
      draft,
      messages: [{ content: 'Bye Ada' }],
    })
    expect(double.calls[0]?.body.messages).toEqual([{ role: 'user', content: 'Bye Ada' }])
  })

  it('answers the same to the same Idempotency-Key, and calls once', async () => {
    const configuration = await configure()
    const keyed = () =>
      app.actor({ idempotency: { route: 'POST /api/generations', key: 'k', bodyHash: 'h' } })
    const input = {
      prompt: 'greeting',
      variables: { who: 'Ada' },
      configuration: configuration.name,
      wait: 20,
    }
    const first = await requestGeneration(keyed(), input)
    const second = await requestGeneration(keyed(), input)
    expect(second).toEqual(first)
    expect(first.status).toBe('succeeded')
    expect(double.calls).toHaveLength(1)
  })

  it('acts with the rights that its actor had, and is refused once they are gone', async () => {
    const configuration = await configure()
    const input = {
      prompt: 'greeting',
      variables: { who: 'Ada' },
      configuration: configuration.name,
      wait: 20,
    }
    const scopes = new Set(['prompts:read', 'generations:run'] as const)
    const asking = () => actorLike(actor, { role: 'editor', scopes })
    const asked: unknown[] = []
    let isGone = false
    setCurrentRights(async (of) => {
      asked.push({ id: of.id, role: of.role, scopes: [...of.scopes], label: of.label })
      return isGone ? undefined : of
    })
    try {
      expect(await requestGeneration(asking(), input)).toMatchObject({ status: 'succeeded' })
      expect(new Set(asked.map((each) => JSON.stringify(each)))).toEqual(
        new Set([JSON.stringify({ id: actor.id, role: 'editor', scopes: [...scopes], label: null })]),
      )
      isGone = true
      expect(await requestGeneration(asking(), input)).toMatchObject({
        status: 'failed',
        error: { code: 'forbidden' },
      })
      expect(double.calls).toHaveLength(1)
    } finally {
      setCurrentRights((of) => Promise.resolve(of))
    }
  })

  it('tells the provider of which trace it is part', async () => {
    const configuration = await configure()
    await requestGeneration(app.actor({ trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }), {
      prompt: 'greeting',
      variables: { who: 'Ada' },
      configuration: configuration.name,
      wait: 20,
    })
    const { traceparent } = double.calls[0]?.headers ?? {}
    expect(traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
    expect(traceparent).not.toContain('b7ad6b7169203331')
  })

  it('is run again as a new one, with the same messages', async () => {
    const configuration = await configure()
    const first = await run(configuration)
    const again = await retryGeneration(app.actor(), { id: first.id })
    expect(again).toMatchObject({ retry_of: first.id, messages: first.messages, status: 'queued' })
    const done = await awaitGeneration(actor, { id: again.id, seconds: 20 })
    expect(done).toMatchObject({ status: 'succeeded', configuration: configuration.name })
    const other = await configure({ model: 'words-9.every-100' })
    const running = await retryGeneration(app.actor(), { id: first.id, configuration: other.name })
    expect((await refusal(retryGeneration(app.actor(), { id: running.id }))).code).toBe('conflict')
  })

  it('is for those who may', async () => {
    const input = { prompt: 'greeting', variables: { who: 'Ada' } }
    expect((await refusal(requestGeneration(viewerOf(actor), input))).code).toBe('forbidden')
    const done = await run(await configure())
    expect((await refusal(getGeneration(pinnedTo(actor, 'staging'), { id: done.id }))).code).toBe('not_found')
    expect((await getGeneration(pinnedTo(actor, 'production'), { id: done.id })).id).toBe(done.id)
  })

  it('is sent later when its event was refused', async () => {
    const configuration = await configure()
    const sender = jobSender()
    setJobSender({ send: () => Promise.reject(new Error('nobody is there')) })
    const queued = await run(configuration, 0)
    setJobSender(sender)
    expect(queued.status).toBe('queued')
    await eventually(
      async () => {
        await outbox().round()
        return getGeneration(actor, { id: queued.id })
      },
      ({ status }) => status === 'succeeded',
    )
    expect(double.calls).toHaveLength(1)
  })
})

describe('a provider that fails', () => {
  it('is asked again after what it says', async () => {
    const configuration = await configure({ model: 'busy' })
    double.arrange('busy', { status: 429, headers: { 'retry-after': '1' } }, {})
    const done = await run(configuration)
    expect(done).toMatchObject({
      status: 'succeeded',
      attempts: [{ status: 'failed', error: { code: 'rate_limited' } }, { status: 'succeeded' }],
      taken_at: expect.any(String),
      waits: [{ kind: 'retry_after', configuration: configuration.name, after_attempt: 1, ms: 1000 }],
    })
  })

  it('is followed by the fallback once its retries are used up, and that is on record', async () => {
    const fallback = await configure({ model: 'words-2' })
    const configuration = await configure({ model: 'status-500', fallback: fallback.name })
    const done = await run(configuration)
    expect(done).toMatchObject({
      status: 'succeeded',
      text: ' word1 word2',
      configuration: configuration.name,
      model: 'words-2',
      attempts: [
        { configuration: configuration.name, error: { code: 'server_error' } },
        { configuration: configuration.name, error: { code: 'server_error' } },
        { configuration: fallback.name, status: 'succeeded' },
      ],
      // Once it is the fallback's turn nothing is waited for.
      waits: [{ kind: 'backoff', configuration: configuration.name, after_attempt: 1 }],
    })
    expect(await spendingOf(configuration, 'month')).toEqual({ requests: 2, tokens: 0, cost: 0 })
  })

  it('is not waited for when it hangs, nor when it wants a longer wait than is allowed', async () => {
    const fallback = await configure({ model: 'words-2' })
    const hanging = await configure({ model: 'hang', fallback: fallback.name })
    expect(await run(hanging)).toMatchObject({
      status: 'succeeded',
      attempts: [{ error: { code: 'timeout' } }, { error: { code: 'timeout' } }, { status: 'succeeded' }],
    })
    const patient = await configure({ model: 'status-429.retry-after-900', fallback: fallback.name })
    expect(await run(patient)).toMatchObject({
      status: 'succeeded',
      attempts: [{ error: { code: 'rate_limited' } }, { status: 'succeeded' }],
    })
  })

  it('is not asked any more once its breaker is open', async () => {
    const other = await startProviderDouble()
    const fallback = await configure({ model: 'words-2' })
    const broken = await makeDoubleConfiguration(actor, other, {
      model: 'status-500',
      fallback: fallback.name,
    })
    await run(broken)
    await run(broken)
    const asked = other.calls.length
    expect(asked).toBe(4)
    expect(await run(broken)).toMatchObject({
      status: 'succeeded',
      attempts: [{ error: { code: 'breaker_open' } }, { status: 'succeeded' }],
    })
    expect(other.calls).toHaveLength(asked)
    expect((await spendingOf(broken, 'month')).requests).toBe(asked)
    await other.close()
  })

  it('fails the generation with its reason when nobody is left', async () => {
    const configuration = await configure({ model: 'status-401' })
    expect(await run(configuration)).toMatchObject({
      status: 'failed',
      text: null,
      error: { code: 'unauthorized' },
      attempts: [{ status: 'failed' }],
    })
    expect(double.calls).toHaveLength(1)
  })

  it('is paid for what it had sent before it fell silent', async () => {
    const configuration = await configure({ model: 'words-4.stall', ...PRICES })
    const done = await run(configuration)
    expect(done).toMatchObject({ status: 'failed', error: { code: 'timeout' } })
    expect(done.attempts.map(({ output_tokens }) => output_tokens)).toEqual([
      expect.any(Number),
      expect.any(Number),
    ])
    expect((await spendingOf(configuration, 'month')).cost).toBeCloseTo(done.cost ?? 0, 10)
    expect(done.cost).toBeGreaterThan(0)
  })
})

describe('stopping', () => {
  it('ends a call at once and keeps what has arrived', async () => {
    const configuration = await configure({ model: 'words-500.every-20', ...PRICES })
    const queued = await run(configuration, 0)
    await eventually(
      () => getGeneration(actor, { id: queued.id }),
      ({ text }) => (text ?? '').includes('word5 '),
    )
    const from = performance.now()
    await cancelGeneration(app.actor(), { id: queued.id })
    const done = await awaitGeneration(actor, { id: queued.id, seconds: 20 })
    // By itself it would go on for ten seconds.
    expect(performance.now() - from).toBeLessThan(5000)
    expect(done).toMatchObject({ status: 'cancelled', attempts: [{ status: 'cancelled' }] })
    expect(done.text).toMatch(/^ word1 word2 word3 word4 word5 /)
    expect(done.output_tokens).toBeGreaterThan(4)
    expect((await spendingOf(configuration, 'month')).cost).toBeCloseTo(done.cost ?? 0, 10)
    await eventually(
      () => double.abandoned,
      (count) => count === 1,
    )
    expect(await cancelGeneration(app.actor(), { id: queued.id })).toEqual(done)
  })

  it('ends one that waits without asking anybody, and gives back what was set aside', async () => {
    const configuration = await configure()
    const sender = jobSender()
    setJobSender({ send: () => Promise.reject(new Error('nobody is there')) })
    const queued = await run(configuration, 0)
    setJobSender(sender)
    expect(await cancelGeneration(app.actor(), { id: queued.id })).toMatchObject({
      status: 'cancelled',
      text: null,
      attempts: [{ status: 'cancelled' }],
    })
    expect(await spendingOf(configuration, 'month')).toEqual({ requests: 0, tokens: 0, cost: 0 })
  })

  it('ends one that waits for its next attempt', async () => {
    const configuration = await configure({ model: 'status-429.retry-after-30' })
    const queued = await run(configuration, 0)
    await eventually(
      () => getGeneration(actor, { id: queued.id }),
      ({ attempts }) => attempts[0]?.status === 'failed',
    )
    const done = await cancelGeneration(app.actor(), { id: queued.id })
    expect(done).toMatchObject({ status: 'cancelled', attempts: [{ status: 'failed' }] })
  })
})
