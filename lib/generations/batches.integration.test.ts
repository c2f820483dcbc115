import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { setJobSender } from '../jobs.ts'
import { archivePrompt } from '../prompts/operations/archive-prompt.ts'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { makePrompt } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { longestTurnMs } from '../testing/time/processor-time.ts'
import { cancelBatch } from './operations/cancel-batch.ts'
import { getBatch } from './operations/get-batch.ts'
import { getGeneration } from './operations/get-generation.ts'
import { listGenerations } from './operations/list-generations.ts'
import { requestBatch } from './operations/request-batch.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { retryGeneration } from './operations/retry-generation.ts'
import { loadRun } from './runs/load-run.ts'
import { tryConfiguration } from './runs/try-configuration.ts'
import type { RequestBatchInput } from './schema.ts'

/** Renders to 3.8 MB. */
const HUGE = `{% for i in (1..40) %}${'x'.repeat(96_000)}{% endfor %}{{ who }}`

let app: TestRuntime

beforeAll(async () => {
  app = await testRuntime({
    limits: { generations_per_minute: 10_000, generations_waiting: 3_000, batch_bytes: 200_000 },
  })
  setJobSender({ send: () => Promise.resolve() })
  for (const name of ['echo', 'other'])
    await createConfiguration(app.actor(), { name, provider: 'echo', model: 'echo-fast' })
  await makePrompt(app.actor(), { name: 'huge', template_content: HUGE })
  await makePrompt(app.actor(), { name: 'greeting', template_content: 'Hello {{ who }}.' })
})
afterAll(() => app.close())

const inputs = (count: number, who = 'Ada') => Array.from({ length: count }, () => ({ variables: { who } }))

const ask = (input: Partial<RequestBatchInput>, actor = app.actor()) =>
  requestBatch(actor, { prompt: 'greeting', inputs: inputs(1), configurations: ['echo'], ...input })

/** The only generation of a batch of one. */
async function askForOne(prompt: string, who = 'Ada') {
  const batch = await ask({ prompt, inputs: inputs(1, who) })
  const { items } = await listGenerations(app.actor(), { batch: batch.id })
  return { id: items[0]?.id ?? '', batch }
}

const load = (id: string) => loadRun({ workspaceId: app.identity.workspaceId, id, runId: `run of ${id}` })

describe('a batch of a thousand prompts of 3.8 MB', () => {
  it('is taken, listed and counted without rendering any', { timeout: 30_000 }, async () => {
    const before = process.memoryUsage().rss
    let id = ''
    const held = await longestTurnMs(async () => {
      id = (await ask({ prompt: 'huge', inputs: inputs(1000) })).id
      const page = await listGenerations(app.actor(), { batch: id, limit: 200 })
      expect(page.items).toHaveLength(200)
      expect((await getBatch(app.actor(), { id })).counts.queued).toBe(1000)
    })
    // Nobody waits for longer than the promise says.
    expect(held).toBeLessThan(300)
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
    const { rows } = await app.runtime.database.primary.pool.query<{ rendered: string }>(
      'SELECT count(messages) AS rendered FROM generated_content WHERE batch_id = $1',
      [id],
    )
    expect(rows[0]?.rendered).toBe('0')
    await cancelBatch(app.actor(), { id })
  })
})

describe('a generation of a batch', () => {
  it('says that it is not rendered yet, and is rendered when it has its turn', async () => {
    const { id } = await askForOne('greeting')
    expect(await getGeneration(app.actor(), { id })).toMatchObject({
      is_rendered: false,
      messages: [],
      variables: { who: 'Ada' },
    })
    const plan = await load(id)
    const messages = [{ role: 'user', content: 'Hello Ada.' }]
    expect(await getGeneration(app.actor(), { id })).toMatchObject({ is_rendered: true, messages })
    if (plan.kind !== 'run') throw new Error('it does not run')
    await tryConfiguration(app.actor(), { id, configurationId: plan.configurationId ?? '' })
    const done = await getGeneration(app.actor(), { id })
    expect(done).toMatchObject({ status: 'succeeded', messages, cost: null, input_tokens: 2 })
    expect(done.text).toContain('user: Hello Ada.')
  })

  it('is rendered once when its run begins again', async () => {
    const { id } = await askForOne('greeting')
    expect(await load(id)).toEqual(await load(id))
    expect((await getGeneration(app.actor(), { id })).messages).toHaveLength(1)
  })

  it('loses its values when its version is redacted while it waits', async () => {
    await makePrompt(app.actor(), { name: 'leaky', template_content: 'A secret, {{ who }}.' })
    const { id } = await askForOne('leaky', 'hunter2')
    await redactVersion(app.actor(), { name: 'leaky', version: 1 })
    await load(id)
    const erased = await getGeneration(app.actor(), { id })
    expect(erased).toMatchObject({ variables: {}, messages: [], redacted_at: expect.any(String) })
    const row = await app.runtime.database.primary.pool.query(
      'SELECT row_to_json(g)::text AS text FROM generated_content g WHERE id = $1',
      [id],
    )
    expect(JSON.stringify(row.rows)).not.toContain('hunter2')
  })

  it.each([
    ['archived', 'The prompt "gone-archived" is archived.', () => archive('gone-archived')],
    ['redacted', 'was redacted', () => forgetText('gone-redacted')],
  ])('fails with the reason when its prompt is %s before its turn', async (what, reason, take) => {
    await makePrompt(app.actor(), { name: `gone-${what}`, template_content: '{{ who }}' })
    const { id } = await askForOne(`gone-${what}`)
    await take()
    expect(await load(id)).toEqual({ kind: 'ended' })
    const failed = await getGeneration(app.actor(), { id })
    const unknown = { cost: null, input_tokens: null, output_tokens: null }
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'cannot_render' },
      attempts: [],
      ...unknown,
    })
    expect(failed.error?.message).toContain(reason)
  })

  it('fails with the reason when it cannot be rendered with its values', async () => {
    await makePrompt(app.actor(), {
      name: 'deep',
      template_content: '{{ who.name }}',
      variables: [{ name: 'who', type: 'object' }],
    })
    const batch = await ask({ prompt: 'deep', inputs: [{ variables: { who: {} } }] })
    const { items } = await listGenerations(app.actor(), { batch: batch.id })
    await load(items[0]?.id ?? '')
    expect((await getBatch(app.actor(), { id: batch.id })).counts).toMatchObject({ failed: 1, queued: 0 })
  })

  it('that ended before its turn can be run again, and is rendered then', async () => {
    const { id, batch } = await askForOne('greeting')
    await cancelBatch(app.actor(), { id: batch.id })
    const again = await retryGeneration(app.actor(), { id })
    expect(again).toMatchObject({ is_rendered: true, messages: [{ content: 'Hello Ada.' }], retry_of: id })
  })
})

describe('a job whose provider is switched off at this instance', () => {
  const off = async (work: () => Promise<void>) => {
    app.runtime.config.ai.echo = false
    await work().finally(() => {
      app.runtime.config.ai.echo = undefined
    })
  }

  it('goes back for another instance, and fails with the reason when none has taken it for long', async () => {
    const { id } = await askForOne('greeting')
    const plan = await load(id)
    const configurationId = plan.kind === 'run' ? (plan.configurationId ?? '') : ''
    const offered = () => tryConfiguration(app.actor(), { id, configurationId })
    await off(async () => {
      expect(await offered()).toMatchObject({ kind: 'wait', reason: { code: 'provider_off' } })
      expect(await getGeneration(app.actor(), { id })).toMatchObject({ status: 'queued', attempts: [] })
      await app.runtime.database.primary.pool.query(
        `UPDATE generated_content SET created_at = now() - interval '6 minutes' WHERE id = $1`,
        [id],
      )
      expect(await offered()).toMatchObject({ kind: 'refused', reason: { code: 'configuration_unusable' } })
    })
    expect(await offered()).toEqual({ kind: 'ended' })
  })

  it('is refused at once when it is asked for here', async () => {
    await off(async () => {
      expect((await refusal(ask({}))).details).toMatchObject([{ code: 'provider_off' }])
    })
  })
})

describe('what a batch may be', () => {
  it('names each input whose values do not fit, before anything is written', async () => {
    const failed = await refusal(ask({ inputs: [...inputs(700), { variables: { whom: 'Ada' } }] }))
    expect(failed).toMatchObject({
      code: 'unprocessable',
      details: [
        { path: ['inputs', 700, 'variables', 'who'] },
        {
          path: ['inputs', 700, 'variables', 'whom'],
          code: 'unknown_variable',
          hint: 'Did you mean who? Its variables are: who',
        },
      ],
    })
    expect(failed.message).toContain('inputs.700: ')
  })

  it('says of each input what a render says of its values', async () => {
    await makePrompt(app.actor(), { name: 'foreign', template_content: 'Tell {{ audience }} {topic}.' })
    const sets: Record<string, string>[] = [
      { audience: 'us', topic: 'x' },
      { audience: 'us' },
      { audiance: 'us' },
      { audience: 'us', other: 'x' },
    ]
    const failed = await refusal(ask({ prompt: 'foreign', inputs: sets.map((variables) => ({ variables })) }))
    const rendered = await Promise.all(
      [0, 2, 3].map(async (index) => {
        const values = sets[index] ?? {}
        const { details } = await refusal(renderPrompt(app.actor(), { name: 'foreign', variables: values }))
        return details.map((detail) => ({ ...detail, path: ['inputs', index, ...detail.path] }))
      }),
    )
    expect(failed.details).toEqual(rendered.flat())
    expect(failed.message).toContain('2 or more others')
    expect(failed.details[0]?.hint).toContain('The text has {topic}, which is plain text here')
  })

  it('tells no more than fifty of them', async () => {
    const wrong = Array.from({ length: 60 }, () => ({ variables: { who: 'Ada', what: 'x' } }))
    const failed = await refusal(ask({ inputs: wrong }))
    expect(failed.details.map(({ path }) => path[1])).toEqual([...Array(50).keys()])
  })

  it('is told which of its configurations cannot be used', async () => {
    const failed = await refusal(ask({ configurations: ['echo', 'echo', 'nobody'] }))
    expect(failed).toMatchObject({
      details: [{ path: ['configurations', 2], code: 'unknown_configuration' }],
    })
  })

  it('is refused past the sum of its values, counted once for each configuration', async () => {
    const half = inputs(3, 'x'.repeat(40_000))
    await ask({ inputs: half })
    const failed = await refusal(ask({ inputs: half, configurations: ['echo', 'other'] }))
    expect(failed).toMatchObject({ code: 'too_large', extra: { limit: 'limits.batch_bytes' } })
    expect(failed.message).toContain('limits.batch_bytes')
  })

  it('counts as many requests as it has generations', async () => {
    const { limits } = app.runtime.config
    limits.generations_per_minute = 100
    await app.runtime.database.primary.pool.query(`DELETE FROM ai_spending WHERE subject LIKE 'caller:%'`)
    const failed = await refusal(ask({ inputs: inputs(51), configurations: ['echo', 'other'] }))
    expect(failed).toMatchObject({ code: 'too_large', extra: { limit: 'limits.generations_per_minute' } })
    // A minute may end in between: then the second is taken, and the third is not.
    const codes: string[] = []
    for (let n = 0; n < 3; n++)
      codes.push(
        await ask({ inputs: inputs(60) }).then(
          () => 'taken',
          (error: { code: string }) => error.code,
        ),
      )
    expect(codes).toContain('rate_limited')
    limits.generations_per_minute = 10_000
  })

  it('waits for room when its caller has much waiting, and so does a single generation', async () => {
    await app.runtime.database.primary.pool.query('DELETE FROM generated_content')
    const { limits } = app.runtime.config
    limits.generations_waiting = 10
    const taken = await Promise.allSettled(Array.from({ length: 4 }, () => ask({ inputs: inputs(4) })))
    expect(taken.map(({ status }) => status).toSorted()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    const failed = await refusal(ask({ inputs: inputs(3) }))
    expect(failed).toMatchObject({
      code: 'rate_limited',
      extra: { limit: 'limits.generations_waiting', used: 8 },
    })
    await ask({ inputs: inputs(2) })
    const single = () =>
      requestGeneration(app.actor(), { prompt: 'greeting', variables: { who: 'Ada' }, configuration: 'echo' })
    expect((await refusal(single())).extra).toMatchObject({ limit: 'limits.generations_waiting', used: 10 })
    limits.generations_waiting = 3_000
    await single()
  })
})

async function archive(name: string): Promise<void> {
  await archivePrompt(app.actor(), { name, if_match: '*' })
}

/** As it is for a generation that no redaction of its own reached, for the version was redacted first. */
async function forgetText(name: string): Promise<void> {
  await app.runtime.database.primary.pool.query(
    `SELECT redact_prompt_version(v.workspace_id, v.id) FROM prompt_version v
     JOIN prompt_template p ON p.workspace_id = v.workspace_id AND p.id = v.prompt_id WHERE p.name = $1`,
    [name],
  )
  // Every redaction empties the cache of versions.
  await makePrompt(app.actor(), { name: `${name}-too` })
  await redactVersion(app.actor(), { name: `${name}-too`, version: 1 })
}
