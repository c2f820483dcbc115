import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { loadConfiguration } from '../ai/operations/load-configuration.ts'
import { setJobSender } from '../jobs.ts'
import { redactVersion } from '../prompts/operations/redact-version.ts'
import { makePrompt } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { getGeneration } from './operations/get-generation.ts'
import { requestGeneration } from './operations/request-generation.ts'
import { retryGeneration } from './operations/retry-generation.ts'
import { beginAttempt } from './runs/begin-attempt.ts'
import { finishAttempt } from './runs/finish-attempt.ts'

const SECRET = 'hunter2-very-secret'
const ANSWER = {
  status: 'succeeded',
  isCalled: true,
  used: { tokens: { input: 10, output: 5 }, cost: null },
} as const

let app: TestRuntime
let actor: Actor

beforeAll(async () => {
  app = await testRuntime()
  actor = app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await createConfiguration(actor, { name: 'echo', provider: 'echo', model: 'echo' })
  await makePrompt(actor, { name: 'leaky', template_content: `Use the key ${SECRET}.` })
  await makePrompt(actor, { name: 'outer', template_content: '{% render "leaky" %} Be brief.' })
  await makePrompt(actor, { name: 'other', template_content: 'Nothing to hide.' })
})
afterAll(() => app.close())

function request(prompt: string, as = app.actor()) {
  return requestGeneration(as, { prompt, configuration: 'echo', variables: {} })
}

async function begin(id: string) {
  const [configuration] = await loadConfiguration(actor, { name: 'echo' })
  const begun = await beginAttempt(actor, { id, configuration })
  if (begun.kind !== 'begun') throw new Error(`it did not begin: ${begun.kind}`)
  return begun
}

describe('redacting a version', () => {
  it('erases what was generated with it, or with a version that includes it, and stops what runs', async () => {
    const idempotency = { route: 'requestGeneration', key: 'k1', bodyHash: 'h' }
    const ended = await request('leaky', app.actor({ idempotency }))
    const { attempt } = await begin(ended.id)
    await finishAttempt(actor, { id: ended.id, attempt, end: ANSWER, text: `You said ${SECRET}.` })
    const running = await request('outer')
    const late = await begin(running.id)
    const other = await request('other')

    await redactVersion(actor, { name: 'leaky', version: 1 })
    await finishAttempt(actor, {
      id: running.id,
      attempt: late.attempt,
      end: { ...ANSWER, status: 'cancelled' },
      text: `You said ${SECRET}.`,
    })

    expect(await getGeneration(actor, { id: ended.id })).toMatchObject({
      status: 'succeeded',
      messages: [],
      text: null,
      output_tokens: 5,
      redacted_at: expect.any(String),
    })
    expect(await getGeneration(actor, { id: running.id })).toMatchObject({
      status: 'cancelled',
      messages: [],
      text: null,
      cancel_requested_at: expect.any(String),
    })
    expect(await getGeneration(actor, { id: other.id })).toMatchObject({
      status: 'queued',
      messages: [{ content: 'Nothing to hide.' }],
      redacted_at: null,
    })
    const { rows } = await app.runtime.database.primary.pool.query<{ text: string }>(
      `SELECT query_to_xml(format('SELECT * FROM %I WHERE workspace_id = %L', relname, $1::text), true, false, '')::text
         AS text FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND relname IN ('generated_content', 'generation_attempt', 'generation_chunk', 'idempotency_key')`,
      [app.identity.workspaceId],
    )
    expect(rows).toHaveLength(4)
    for (const { text } of rows) expect(text).not.toContain(SECRET)
    expect(await refusal(retryGeneration(actor, { id: ended.id }))).toMatchObject({ code: 'conflict' })
  })

  it('says on record how many there were', async () => {
    const events = await app.runtime.database.primary.prisma.auditEvent.findMany({
      where: { action: 'version.redact' },
    })
    expect(events).toMatchObject([{ target_name: 'leaky', after: { version: 1, generations: 2 } }])
  })
})
