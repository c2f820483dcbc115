import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { loadConfiguration } from '../../ai/operations/load-configuration.ts'
import { setJobSender } from '../../jobs.ts'
import { withClient } from '../../testing/database.ts'
import { makePrompt } from '../../testing/factories.ts'
import { makeDoubleConfiguration, spendingOf } from '../../testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { getGeneration } from '../operations/get-generation.ts'
import { requestGeneration } from '../operations/request-generation.ts'
import type { AttemptEnd } from '../store/attempt.ts'
import { beginAttempt } from './begin-attempt.ts'
import { failGeneration } from './fail-generation.ts'
import { keepAnswer } from './keep-answer.ts'
import { tryConfiguration } from './try-configuration.ts'

let app: TestRuntime
let actor: Actor
let double: ProviderDouble

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime({ ai: { silent_ms: 200 } })
  actor = app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(actor, { name: 'greeting' })
  // Texts that no mending makes good.
  await withClient(app.database.ownerUrl, (client) =>
    client.query(`ALTER TABLE generated_content ADD CONSTRAINT no_poison CHECK (text NOT LIKE '%poison%')`),
  )
})
afterAll(async () => {
  await app.close()
  await double.close()
})
beforeEach(() => double.reset())

type Configuration = Awaited<ReturnType<typeof makeDoubleConfiguration>>

async function requested(): Promise<{ id: string; configuration: Configuration }> {
  const prices = { input_price_per_million: 3, output_price_per_million: 15 }
  const configuration = await makeDoubleConfiguration(actor, double, prices)
  const { id } = await requestGeneration(app.actor(), {
    prompt: 'greeting',
    variables: { who: 'Ada' },
    configuration: configuration.name,
  })
  return { id, configuration }
}

const ANSWER: AttemptEnd = {
  status: 'succeeded',
  isCalled: true,
  used: { tokens: { input: 10, output: 5 }, cost: 0.5 },
}

/** Keeps an answer as a call would, and gives what is then known of it. */
async function keep(end: AttemptEnd, text: string) {
  const { id, configuration } = await requested()
  const [usable] = await loadConfiguration(actor, { name: configuration.name })
  const begun = await beginAttempt(actor, { id, configuration: usable })
  if (begun.kind !== 'begun') throw new Error(`it did not begin: ${begun.kind}`)
  await keepAnswer(actor, { id, attempt: begun.attempt, end, text })
  const { cost } = (await spendingOf(configuration, 'month')) ?? {}
  return { kept: await getGeneration(actor, { id }), spent: cost }
}

it('keeps an answer without its text when the database refuses that, charged and not asked again', async () => {
  const { id, configuration } = await requested()
  double.arrange(configuration.model, { chunks: ['This is ', 'poison'] })
  const asked = { id, configurationId: configuration.id }
  expect(await tryConfiguration(actor, asked)).toEqual({ kind: 'ended' })
  expect(await tryConfiguration(actor, asked)).toEqual({ kind: 'ended' })
  expect(double.calls).toHaveLength(1)
  const kept = await getGeneration(actor, { id })
  expect(kept).toMatchObject({ status: 'failed', text: null, error: { code: 'not_kept' } })
  expect(kept.error?.message).toContain('23514')
  expect(kept.cost).toBeGreaterThan(0)
  expect(kept.output_tokens).toBeGreaterThan(0)
  expect((await spendingOf(configuration, 'month'))?.cost).toBe(kept.cost)
})

it.each<[string, Partial<AttemptEnd>, string]>([
  ['a NUL in its text', {}, 'kept\0'],
  ['half a character in its text', {}, 'kept\uD83D'],
  ['a NUL in an id', { requestId: 'a\0b' }, 'kept'],
  ['a NUL in its end', { finishReason: 'st\0p' }, 'kept'],
  ['a time that is no whole number', { latencyMs: 1.5 }, 'kept'],
  ['a time that no column holds', { latencyMs: 1e12, firstTokenMs: -5 }, 'kept'],
])('keeps an answer with %s, cleaned', async (_, end, text) => {
  const { kept, spent } = await keep({ ...ANSWER, ...end }, text)
  expect(kept).toMatchObject({ status: 'succeeded', cost: 0.5, input_tokens: 10 })
  expect(kept.text).toMatch(/^kept\uFFFD?$/)
  expect(spent).toBe(0.5)
})

it.each<[string, AttemptEnd['used'], number | null]>([
  ['tokens', { tokens: { input: -5, output: 2.5 }, cost: 0.5 }, 0.5],
  ['a cost', { tokens: { input: 1, output: 1 }, cost: Number.NaN }, null],
])('keeps the text of an answer with %s that cannot be stored', async (_, used, cost) => {
  const { kept } = await keep({ ...ANSWER, used }, 'kept')
  expect(kept).toMatchObject({ status: 'succeeded', text: 'kept', cost })
})

it('keeps the figures of a call that was stopped, without a text that is refused', async () => {
  const { kept, spent } = await keep({ ...ANSWER, status: 'cancelled' }, 'poison')
  expect(kept).toMatchObject({ status: 'cancelled', text: null, cost: 0.5 })
  expect(spent).toBe(0.5)
})

it.each([
  ['a NUL', 'no\0way', 'no\uFFFDway'],
  ['half a pair', 'no way \uD83D', 'no way \uFFFD'],
  ['very long', 'x'.repeat(1_000_000), `${'x'.repeat(1999)}…`],
])('stores the reason of a failure well-formed and cut: %s', async (_, message, stored) => {
  const { id } = await requested()
  await failGeneration(actor, { id, reason: { code: 'cannot_render', message } })
  expect((await getGeneration(actor, { id })).error).toEqual({ code: 'cannot_render', message: stored })
})
