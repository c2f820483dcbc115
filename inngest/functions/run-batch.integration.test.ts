import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelBatch } from '#lib/generations/operations/cancel-batch.ts'
import { getBatch } from '#lib/generations/operations/get-batch.ts'
import { getGeneration } from '#lib/generations/operations/get-generation.ts'
import { listBatches } from '#lib/generations/operations/list-batches.ts'
import { listGenerations } from '#lib/generations/operations/list-generations.ts'
import { requestBatch } from '#lib/generations/operations/request-batch.ts'
import { requestGeneration } from '#lib/generations/operations/request-generation.ts'
import { makePrompt } from '#lib/testing/factories.ts'
import { eventually, makeDoubleConfiguration, spendingOf } from '#lib/testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { refusal } from '#lib/testing/refusal.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { startBackgroundWork } from '../start.ts'

const CONCURRENCY = 4

let app: TestRuntime
let double: ProviderDouble

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime({
    limits: { generation_batch: 500 },
    inngest: { provider_concurrency: CONCURRENCY },
  })
  await startBackgroundWork()
  await makePrompt(app.actor(), { name: 'greeting' })
})
afterAll(async () => {
  await app.close()
  await double.close()
})

const inputs = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ variables: { who: `No. ${n}` } }))

describe('a batch', () => {
  it('runs each input with each configuration, in pages, never more at once than is allowed', {
    timeout: 60_000,
  }, async () => {
    double.reset()
    const prices = { input_price_per_million: 1, output_price_per_million: 1 }
    const one = await makeDoubleConfiguration(app.actor(), double, { model: 'words-2', ...prices })
    const two = await makeDoubleConfiguration(app.actor(), double, { model: 'words-3', ...prices })
    const configurations = [one.name, two.name]
    const batch = await requestBatch(app.actor(), { prompt: 'greeting', inputs: inputs(105), configurations })
    expect(batch).toMatchObject({ total: 210, counts: { queued: 210 }, finished_at: null })
    const done = await eventually(
      () => getBatch(app.actor(), { id: batch.id }),
      ({ finished_at }) => finished_at !== null,
    )
    expect(done.counts).toEqual({ queued: 0, running: 0, succeeded: 210, failed: 0, cancelled: 0 })
    expect(double.calls).toHaveLength(210)
    expect(double.peak).toBeLessThanOrEqual(CONCURRENCY)
    const spent = (await spendingOf(one, 'month')).cost + (await spendingOf(two, 'month')).cost
    expect(done.cost).toBeCloseTo(spent, 9)
    expect((await listBatches(app.actor(), {})).items).toEqual([done])
    const page = await listGenerations(app.actor(), { batch: batch.id, configuration: two.name, limit: 200 })
    expect(page.items).toHaveLength(105)
    expect(new Set(page.items.map(({ excerpt }) => excerpt))).toEqual(new Set([' word1 word2 word3']))
  })

  it('lets interactive generations go first', async () => {
    const slow = await makeDoubleConfiguration(app.actor(), double, { model: 'words-5.every-20' })
    const batch = await requestBatch(app.actor(), {
      prompt: 'greeting',
      inputs: inputs(60),
      configurations: [slow.name],
    })
    await eventually(
      () => getBatch(app.actor(), { id: batch.id }),
      ({ counts }) => counts.succeeded > 2,
    )
    const variables = { who: 'Ada' }
    const first = await requestGeneration(app.actor(), {
      prompt: 'greeting',
      variables,
      configuration: slow.name,
      wait: 20,
    })
    expect(first.status).toBe('succeeded')
    expect((await getBatch(app.actor(), { id: batch.id })).finished_at).toBeNull()
    await cancelBatch(app.actor(), { id: batch.id })
  })

  it('is stopped: what waits is not asked any more, what runs ends', async () => {
    const slow = await makeDoubleConfiguration(app.actor(), double, { model: 'words-500.every-20' })
    const batch = await requestBatch(app.actor(), {
      prompt: 'greeting',
      inputs: inputs(50),
      configurations: [slow.name],
    })
    await eventually(
      () => getBatch(app.actor(), { id: batch.id }),
      ({ counts }) => counts.running === CONCURRENCY,
    )
    await cancelBatch(app.actor(), { id: batch.id })
    const done = await eventually(
      () => getBatch(app.actor(), { id: batch.id }),
      ({ finished_at }) => finished_at !== null,
    )
    expect(done).toMatchObject({ counts: { cancelled: 50 }, cancel_requested_at: expect.any(String) })
    expect((await spendingOf(slow, 'month')).requests).toBe(CONCURRENCY)
  })

  it('is written as a whole or not at all, and names the input that does not fit', async () => {
    const configuration = await makeDoubleConfiguration(app.actor(), double)
    const ask = (some: { variables: Record<string, unknown> }[]) =>
      refusal(
        requestBatch(app.actor(), { prompt: 'greeting', inputs: some, configurations: [configuration.name] }),
      )
    const wrong = await ask([...inputs(3), { variables: {} }])
    expect(wrong.details[0]?.path.slice(0, 2)).toEqual(['inputs', 3])
    expect((await ask(inputs(501))).message).toContain('at most 500')
    const page = await listGenerations(app.actor(), { configuration: configuration.name })
    expect(page.items).toEqual([])
  })

  it('is a record of its own, which each of its generations names', async () => {
    const configuration = await makeDoubleConfiguration(app.actor(), double)
    const batch = await requestBatch(app.actor(), {
      prompt: 'greeting',
      inputs: inputs(1),
      configurations: [configuration.name],
    })
    const { items } = await listGenerations(app.actor(), { batch: batch.id })
    const generation = await getGeneration(app.actor(), { id: items[0]?.id ?? '' })
    expect(generation).toMatchObject({ batch_id: batch.id, queue: 'batch', variables: { who: 'No. 0' } })
  })
})
