import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import type { AIConfiguration, CreateConfigurationInput } from '../ai/schema.ts'
import { type Job, setJobSender } from '../jobs.ts'
import { metrics } from '../metrics.ts'
import { outbox } from '../outbox/outbox.ts'
import { makePrompt } from '../testing/factories.ts'
import { makeDoubleConfiguration, spendingOf } from '../testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '../testing/provider-double/server.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { addGenerationMetrics } from './metrics.ts'
import { getGeneration } from './operations/get-generation.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { failRun, failUnanswered } from './runs/fail-generation.ts'
import { loadRun } from './runs/load-run.ts'
import { tryConfiguration } from './runs/try-configuration.ts'
import { endAbandoned } from './sweeps/end-abandoned.ts'
import { endNotStarted } from './sweeps/end-not-started.ts'

let app: TestRuntime
let actor: Actor
let double: ProviderDouble
let sent: Job[]

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime({ ai: { silent_ms: 500 } })
  actor = app.actor()
  await makePrompt(actor, { name: 'greeting' })
})
afterAll(async () => {
  await app.close()
  await double.close()
})
beforeEach(async () => {
  sent = []
  setJobSender({ send: async (jobs) => void sent.push(...jobs) })
  double.reset()
  await sql(`DELETE FROM generated_content WHERE status IN ('queued', 'running')`)
})

const sql = (text: string, values: unknown[] = []) =>
  app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)

interface Asked {
  id: string
  configuration: AIConfiguration
}

async function ask(input: Partial<CreateConfigurationInput> = {}): Promise<Asked> {
  const configuration = await makeDoubleConfiguration(actor, double, input)
  const { id } = await requestGeneration(app.actor(), {
    prompt: 'greeting',
    variables: { who: 'Ada' },
    configuration: configuration.name,
  })
  await outbox().settled()
  sent = []
  return { id, configuration }
}

const take = (id: string, runId: string, isSweep = false) =>
  loadRun({ workspaceId: actor.workspaceId, id, runId, isSweep })

const call = ({ id, configuration }: Asked, runId?: string) =>
  tryConfiguration(app.actor(), { id, configurationId: configuration.id, runId })

/** The attempt of another process: its row, and its sign of life as long as it lives. */
async function elsewhere(id: string) {
  await sql(`UPDATE generation_attempt SET status = 'running' WHERE generation_id = $1`, [id])
  await sql(`UPDATE generated_content SET status = 'running' WHERE id = $1`, [id])
  const beat = () =>
    sql('UPDATE generation_attempt SET alive_at = clock_timestamp() WHERE generation_id = $1', [id])
  await beat()
  let beats: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    beats = beats.then(beat)
  }, 40)
  /** Ends the process: no sign comes once this is answered, not even one that was on its way. */
  const die = async () => {
    clearInterval(timer)
    await beats
  }
  return { die }
}

const age = (id: string, minutes: number) =>
  sql(
    `WITH attempts AS (
       UPDATE generation_attempt SET settled_at = settled_at - make_interval(mins => $2), started_at = started_at - make_interval(mins => $2)
       WHERE generation_id = $1)
     UPDATE generated_content SET created_at = created_at - make_interval(mins => $2) WHERE id = $1`,
    [id, minutes],
  )

describe('a call that is under way', () => {
  it('is waited for when it is ordered again in this process, and made once', async () => {
    const asked = await ask({ model: 'words-10.every-20' })
    const orders = [call(asked)]
    await double.received(1)
    orders.push(call(asked), call(asked))
    expect(await Promise.all(orders)).toEqual([{ kind: 'ended' }, { kind: 'ended' }, { kind: 'ended' }])
    expect(double.calls).toHaveLength(1)
    const done = await getGeneration(actor, { id: asked.id })
    expect(done).toMatchObject({ status: 'succeeded', attempts: [{ attempt: 1, status: 'succeeded' }] })
    expect((await spendingOf(asked.configuration, 'month')).requests).toBe(1)
  })

  it('that ends because another run has the generation does not end that run', async () => {
    const asked = await ask()
    await take(asked.id, 'old')
    await take(asked.id, 'new', true)
    const both = await Promise.all([call(asked, 'old'), call(asked, 'new')])
    expect(both).toEqual([{ kind: 'ended' }, { kind: 'ended' }])
    expect(await getGeneration(actor, { id: asked.id })).toMatchObject({ status: 'succeeded' })
    expect(double.calls).toHaveLength(1)
  })

  it('of another process is waited for while that lives, and made again once it is silent', async () => {
    const asked = await ask()
    const other = await elsewhere(asked.id)
    expect(await call(asked)).toMatchObject({ kind: 'wait', reason: { code: 'running' } })
    expect(double.calls).toHaveLength(0)
    await other.die()
    expect(await call(asked)).toEqual({ kind: 'ended' })
    const { attempts, status } = await getGeneration(actor, { id: asked.id })
    expect(status).toBe('succeeded')
    expect(attempts).toMatchObject([{ error: { code: 'interrupted' } }, { status: 'succeeded' }])
  })

  it('gives signs of life, so that others leave it alone', async () => {
    const asked = await ask({ model: 'words-3.after-1500' })
    const order = call(asked)
    await double.received(1)
    const sign = async () =>
      (await sql('SELECT alive_at FROM generation_attempt WHERE generation_id = $1', [asked.id])).rows[0]
        ?.alive_at
    await expect.poll(sign).toBeInstanceOf(Date)
    const first = await sign()
    await expect.poll(sign).not.toEqual(first)
    expect(await order).toEqual({ kind: 'ended' })
  })

  it('is not ended by the sweeper while its process lives, however long it takes', async () => {
    const asked = await ask()
    const other = await elsewhere(asked.id)
    await age(asked.id, 60)
    await endAbandoned()
    expect((await getGeneration(actor, { id: asked.id })).attempts).toMatchObject([{ status: 'running' }])
    await other.die()
    // After an outage of the database every sign is old; a process that lives gives the next one.
    await sql(
      `UPDATE generation_attempt SET alive_at = alive_at - interval '10 minutes' WHERE generation_id = $1`,
      [asked.id],
    )
    const back = endAbandoned()
    const { die } = await elsewhere(asked.id)
    await back
    expect((await getGeneration(actor, { id: asked.id })).attempts).toMatchObject([{ status: 'running' }])
    await die()
    await sql(
      `UPDATE generation_attempt SET alive_at = alive_at - interval '10 minutes' WHERE generation_id = $1`,
      [asked.id],
    )
    await endAbandoned()
    expect((await getGeneration(actor, { id: asked.id })).attempts).toMatchObject([
      { status: 'failed', error: { code: 'interrupted' } },
    ])
  })

  it('outlives a run that failed as a whole', async () => {
    const asked = await ask()
    await take(asked.id, 'one')
    const other = await elsewhere(asked.id)
    const target = { workspaceId: actor.workspaceId, id: asked.id, runId: 'one' }
    const reason = { code: 'internal', message: 'Unable to reach SDK URL' }
    await failRun(target, reason)
    expect((await getGeneration(actor, { id: asked.id })).status).toBe('running')
    await other.die()
    await failRun(target, reason)
    expect(await getGeneration(actor, { id: asked.id })).toMatchObject({ status: 'failed', error: reason })
  })
})

describe('a generation whose run was lost', () => {
  it.each(['queued', 'running'])(
    'while it was %s is handed to a new run, and the old one stops',
    async (status) => {
      const asked = await ask({ model: 'status-500' })
      await take(asked.id, 'old')
      if (status === 'running') await call(asked, 'old')
      await endAbandoned()
      expect(sent).toEqual([])
      await age(asked.id, 6)
      await endAbandoned()
      await endAbandoned()
      expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
      await age(asked.id, 6)
      await endAbandoned()
      expect(new Set(sent.map(({ id }) => id)).size).toBe(2)
      expect(sent[0]).toMatchObject({ name: 'generation/requested', data: { generation_id: asked.id } })

      expect(await take(asked.id, 'new', true)).toMatchObject({ kind: 'run' })
      double.reset()
      expect(await call(asked, 'old')).toEqual({ kind: 'ended' })
      await failUnanswered(actor, {
        id: asked.id,
        reason: { code: 'internal', message: 'old' },
        runId: 'old',
      })
      expect(double.calls).toHaveLength(0)
      // What was tried before the loss counts.
      expect(await call(asked, 'new')).toMatchObject({ kind: 'failed', tries: status === 'running' ? 2 : 1 })
    },
  )

  it('is left to the run that makes a call for it', async () => {
    const asked = await ask()
    await take(asked.id, 'old')
    const other = await elsewhere(asked.id)
    expect(await take(asked.id, 'new', true)).toEqual({ kind: 'ended' })
    await other.die()
    expect(await take(asked.id, 'old')).toMatchObject({ kind: 'run' })
  })

  it('fails in the end', async () => {
    const asked = await ask()
    await take(asked.id, 'old')
    await age(asked.id, 25 * 60)
    await endAbandoned()
    expect(await getGeneration(actor, { id: asked.id })).toMatchObject({
      status: 'failed',
      error: { code: 'lost' },
      attempts: [{ status: 'cancelled' }],
    })
    expect(await spendingOf(asked.configuration, 'month')).toMatchObject({ requests: 0, tokens: 0 })
  })
})

describe('work that no process takes', () => {
  it('is counted, with the age of the oldest', async () => {
    addGenerationMetrics()
    const told = async (name: string) => {
      const text = await metrics().expose()
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    }
    expect(await told('incipit_queue_queued')).toBe(0)
    expect(await told('incipit_queue_oldest_seconds')).toBe(0)
    await ask()
    const { id } = await ask()
    await age(id, 10)
    expect(await told('incipit_queue_queued')).toBe(2)
    expect(await told('incipit_queue_oldest_seconds')).toBeGreaterThanOrEqual(600)
  })

  it('is sent again, all of it, however much there is', async () => {
    const { id } = await ask()
    await sql(
      `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, checksum, variables, messages,
         configuration_id, configuration, queue, status, created_by, created_at)
       SELECT gen_random_uuid(), workspace_id, prompt_id, version_number, checksum, variables, messages,
         configuration_id, configuration, queue, status, created_by, created_at
       FROM generated_content, generate_series(1, 2500) WHERE id = $1`,
      [id],
    )
    await sql(
      `UPDATE generated_content SET created_at = created_at - interval '5 minutes' WHERE status = 'queued'`,
    )
    await endAbandoned()
    expect(sent).toHaveLength(2501)
    expect(new Set(sent.map(({ data }) => data.generation_id)).size).toBe(2501)
  })

  it('fails with not_started after its time, and gives back what was set aside', async () => {
    const young = await ask()
    const old = await ask()
    await age(old.id, 24 * 60 + 1)
    expect(await endNotStarted()).toBe(false)
    expect(await getGeneration(actor, { id: old.id })).toMatchObject({
      status: 'failed',
      error: { code: 'not_started' },
      attempts: [{ status: 'cancelled' }],
    })
    expect(await spendingOf(old.configuration, 'month')).toMatchObject({ requests: 0, tokens: 0 })
    expect((await getGeneration(actor, { id: young.id })).status).toBe('queued')
  })
})
