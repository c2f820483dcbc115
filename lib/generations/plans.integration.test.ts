import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { setJobSender } from '../jobs.ts'
import { makePrompt, pinnedTo } from '../testing/factories.ts'
import { readsTooMuch } from '../testing/query-plans.ts'
import { refusal } from '../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { countFacets } from './operations/count-facets.ts'
import { getBatch } from './operations/get-batch.ts'
import { getGeneration } from './operations/get-generation.ts'
import { listBatches } from './operations/list-batches.ts'
import { listGenerations } from './operations/list-generations.ts'
import { readUsual } from './operations/read-usual.ts'
import { requestBatch } from './operations/request-batch.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { totalGenerations } from './operations/total-generations.ts'
import { sendBatch } from './runs/send-batch.ts'
import type { ListGenerationsQuery, NarrowedGenerations } from './schema.ts'
import { GENERATION_SORTS } from './status.ts'
import { SEARCHED_ROWS } from './store/list-statement.ts'
import { readProgress } from './streaming/read-progress.ts'
import { endAbandoned } from './sweeps/end-abandoned.ts'
import { expireGenerations } from './sweeps/expire-generations.ts'

/** Copies of one generation, spread over a year: of a thousand, one is failed and three are of `staging`. Their texts are as long as an answer: an index is worth reading alone where rows are wide. */
const COPIES = 60_000
/** And of one whose configuration is deleted. */
const FORMER = 5000
/** A page of fifty, with what each of its rows needs. */
const PAGE = 1000

let app: TestRuntime
let client: pg.Client
let one: string
let batch: string

beforeAll(async () => {
  app = await testRuntime()
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(app.actor(), { name: 'often' })
  await makePrompt(app.actor(), { name: 'seldom' })
  for (const name of ['often', 'seldom', 'gone'])
    await createConfiguration(app.actor(), { name, provider: 'echo', model: 'echo-fast' })
  const values = { who: 'Ada' }
  await requestGeneration(app.actor(), { prompt: 'seldom', variables: values, configuration: 'seldom' })
  const request = (configuration: string) =>
    requestGeneration(app.actor(), { prompt: 'often', variables: values, configuration })
  one = (await request('often')).id
  const former = (await request('gone')).id
  const inputs = Array.from({ length: 100 }, () => ({ variables: values }))
  batch = (await requestBatch(app.actor(), { prompt: 'often', inputs, configurations: ['often'] })).id
  client = new pg.Client({ connectionString: app.database.ownerUrl })
  await client.connect()
  await copyGeneration(one, COPIES)
  await copyGeneration(former, FORMER)
  await client.query(`DELETE FROM ai_configuration WHERE name = 'gone'`)
  await client.query(
    `INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, configuration_name,
       provider, model, status, started_at, finished_at, settled_at, counted)
     SELECT gen_random_uuid(), workspace_id, id, 1, configuration_id, 'often', 'echo', 'echo-fast', 'succeeded',
       created_at, created_at, created_at, true FROM generated_content WHERE workspace_id = $1 AND finished_at IS NOT NULL`,
    [app.identity.workspaceId],
  )
  await client.query('VACUUM (ANALYZE) generated_content, generation_attempt, generation_batch')
}, 300_000)
afterAll(async () => {
  await client.end()
  await app.close()
})

function copyGeneration(id: string, count: number): Promise<unknown> {
  return client.query(
    `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables, messages,
       configuration_id, configuration, queue, status, text, created_by, created_at, finished_at, latency_ms,
       first_token_ms, cost, output_tokens, started_at, error_code, counted)
     SELECT gen_random_uuid(), workspace_id, prompt_id, version_number,
       CASE WHEN i % 1000 < 3 THEN 'staging' ELSE label END, checksum, variables, messages, configuration_id,
       configuration, queue, CASE WHEN i % 1000 = 7 THEN 'failed' ELSE 'succeeded' END, repeat('Hello ', 100), created_by,
       now() - i * interval '8 minutes', now() - i * interval '8 minutes', i % 977, i % 97, i % 31 * 0.00013, i % 300,
       now() - i * interval '8 minutes' + i % 50 * interval '1 millisecond', CASE WHEN i % 1000 = 7 THEN 'timeout' END, true
     FROM generated_content, generate_series(1, $2::integer) i WHERE id = $1`,
    [id, count],
  )
}

const dear = (work: () => Promise<unknown>, rowsMax = PAGE) => readsTooMuch(client, work, rowsMax)

describe(`${COPIES} generations`, () => {
  it.each<[string, () => ListGenerationsQuery]>([
    ['all', () => ({})],
    ['of a status', () => ({ status: 'failed' })],
    ['of a prompt', () => ({ prompt: 'often' })],
    ['of a seldom prompt', () => ({ prompt: 'seldom' })],
    ['of a label', () => ({ label: 'staging' })],
    ['of a configuration', () => ({ configuration: 'seldom' })],
    ['of a batch', () => ({ batch })],
    ['of a version', () => ({ prompt: 'often', version: 1 })],
    ['of a kind of failure', () => ({ error: 'timeout' })],
  ])('are listed by pages: %s', async (_, query) => {
    expect(
      await dear(async () => {
        const { next_cursor } = await listGenerations(app.actor(), query())
        if (next_cursor !== null) await listGenerations(app.actor(), { ...query(), cursor: next_cursor })
      }),
    ).toEqual([])
  })

  it.each(GENERATION_SORTS)('are sorted by %s', async (sort) => {
    expect(
      await dear(async () => {
        const { next_cursor } = await listGenerations(app.actor(), { sort })
        await listGenerations(app.actor(), { sort, cursor: next_cursor ?? undefined })
      }),
    ).toEqual([])
  })

  it('of some days are found, and searched without reading the others', async () => {
    const days = { from: '2000-01-01T00:00:00Z', to: new Date(Date.now() - 90 * 86_400_000).toISOString() }
    expect(await dear(() => listGenerations(app.actor(), days))).toEqual([])
    const searched = 5 * SEARCHED_ROWS
    expect(await dear(() => listGenerations(app.actor(), { q: 'no such word', ...days }), searched)).toEqual(
      [],
    )
    expect(await dear(() => listGenerations(app.actor(), { q: 'Hello', sort: '-cost' }), searched)).toEqual(
      [],
    )
  })

  it('are narrowed by what has no index of its own, and summed up, within one index', async () => {
    expect(await dear(() => listGenerations(app.actor(), { model: 'no-such-model' }), PAGE)).toEqual([])
    expect(
      await dear(() => listGenerations(app.actor(), { latency_ms_min: 976, cost_min: 0.0039 }), PAGE),
    ).toEqual([])
    expect(await dear(() => totalGenerations(app.actor(), {}), PAGE)).toEqual([])
    expect(
      await dear(() => totalGenerations(app.actor(), { prompt: 'often', model: 'echo-fast' }), PAGE),
    ).toEqual([])
    const others: NarrowedGenerations[] = [{ client: 'no-such-client' }, { category: '' }]
    for (const asked of others) {
      expect(await dear(() => listGenerations(app.actor(), asked), PAGE)).toEqual([])
      expect(await dear(() => totalGenerations(app.actor(), asked), PAGE)).toEqual([])
    }
    expect(await dear(() => countFacets(app.actor(), { prompt: 'often' }), PAGE)).toEqual([])
    expect(await dear(() => readUsual(app.actor(), {}), PAGE)).toEqual([])
  })

  it('of a configuration that is deleted are found and summed up within one index, and so is that there is none', async () => {
    const asked = { configuration: 'gone' }
    expect(await dear(() => listGenerations(app.actor(), asked))).toEqual([])
    expect(await dear(() => totalGenerations(app.actor(), asked))).toEqual([])
    expect(await dear(() => countFacets(app.actor(), { ...asked, status: 'failed' }))).toEqual([])
    const none = () => refusal(listGenerations(app.actor(), { configuration: 'nobody' }))
    expect(await none()).toMatchObject({ code: 'not_found' })
    expect(await dear(none, 50)).toEqual([])
  })

  it('are listed for an actor that is pinned to a label', async () => {
    expect(await dear(() => listGenerations(pinnedTo(app.actor(), 'staging'), {}))).toEqual([])
  })

  it('are read, followed and counted one by one', async () => {
    const { workspaceId } = app.identity
    const wanted = { workspaceId, id: one, attempt: 0, position: 0 }
    expect(await dear(() => getGeneration(app.actor(), { id: one }), 50)).toEqual([])
    expect(await dear(() => readProgress(app.runtime.database.primary.pool, [wanted]), 50)).toEqual([])
    expect(await dear(() => getBatch(app.actor(), { id: batch }), 500)).toEqual([])
    expect(await dear(() => listBatches(app.actor(), {}), 500)).toEqual([])
  })

  it('are looked after without reading what is done', async () => {
    const { workspaceId } = app.identity
    expect(await dear(() => sendBatch({ workspaceId, batchId: batch, after: null }), 500)).toEqual([])
    expect(await dear(() => endAbandoned(), 500)).toEqual([])
    expect(await expireGenerations()).toBe(false)
  })
})
