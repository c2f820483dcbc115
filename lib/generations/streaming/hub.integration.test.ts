import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { setJobSender } from '../../jobs.ts'
import { makePrompt } from '../../testing/factories.ts'
import { eventually, makeDoubleConfiguration } from '../../testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { getGeneration } from '../operations/get-generation.ts'
import { requestGeneration } from '../operations/request-generation.ts'
import type { Generation } from '../schema.ts'
import { type GenerationHub, generationHub } from './hub.ts'
import type { Target } from './read-progress.ts'

const LONG_MS = 600_000

let app: TestRuntime
let actor: Actor
let double: ProviderDouble
let hub: GenerationHub
let known: Generation
let target: Target

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime()
  actor = app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(actor, { name: 'greeting' })
  hub = generationHub()
})
afterAll(async () => {
  await app.close()
  await double.close()
})
beforeEach(async () => {
  const { name } = await makeDoubleConfiguration(actor, double)
  const asked = { prompt: 'greeting', variables: { who: 'Ada' }, configuration: name }
  known = await requestGeneration(app.actor(), asked)
  target = { workspaceId: actor.workspaceId, id: known.id }
})

const sql = (text: string) => app.runtime.database.primary.pool.query(text, [known.id])
const attempt = (number: number) => ({
  status: 'running' as const,
  attempt: number,
  configuration: known.configuration,
  lastError: null,
})

/** What followers have been told of the text so far. */
function follow(): () => string {
  const written: string[] = []
  const sink = {
    write: (frame: string) => written.push(frame) > 0,
    end: () => undefined,
    onDrain: () => undefined,
  }
  hub.follow(actor, known, sink, { attempt: 0, position: 0 })
  return () =>
    written
      .flatMap((frame) =>
        frame.startsWith('event: text') ? [/"text":"([^"]*)"/.exec(frame)?.[1] ?? ''] : [],
      )
      .join('')
}

describe('who waits for the end', () => {
  it('does not wait at all when the signal was aborted before', async () => {
    const waited = hub.waitFor(target, known, { ms: LONG_MS, signal: AbortSignal.abort() })
    expect(await waited).toBeUndefined()
  })

  it('is let go when the generation is gone, and nobody looks for it any more', async () => {
    const waited = hub.waitFor(target, known, { ms: LONG_MS })
    const stopped = hub.begin(target, attempt(1))
    await sql('DELETE FROM generated_content WHERE id = $1')
    expect(await waited).toBeUndefined()
    expect(stopped.signal.aborted).toBe(true)
    stopped.end()
    expect(hub.running).toBe(0)
  })
})

describe('an attempt that another one has followed', () => {
  it('is stopped, and its late pieces are told to nobody', () => {
    const text = follow()
    const first = hub.begin(target, attempt(1))
    first.push('one ')
    const second = hub.begin(target, attempt(2))
    expect(first.signal.aborted).toBe(true)
    second.push('two ')
    first.push('late ')
    second.push('three ')
    first.end()
    second.push('four ')
    expect(text()).toBe('one two three four ')
    hub.abort(known.id)
    expect(second.signal.aborted).toBe(true)
    second.end()
    expect(hub.running).toBe(0)
  })
})

it('hears of an attempt of another instance and its text', async () => {
  const text = follow()
  await sql(`UPDATE generation_attempt SET status = 'running' WHERE generation_id = $1`)
  await sql(
    `INSERT INTO generation_chunk SELECT workspace_id, id, 1, 0, 'from elsewhere' FROM generated_content WHERE id = $1`,
  )
  await eventually(text, (told) => told === 'from elsewhere')
  expect((await getGeneration(actor, { id: known.id })).text).toBe('from elsewhere')
})
