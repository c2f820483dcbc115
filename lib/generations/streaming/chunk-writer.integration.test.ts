import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { setJobSender } from '../../jobs.ts'
import { withClient } from '../../testing/database.ts'
import { makePrompt } from '../../testing/factories.ts'
import { eventually, makeDoubleConfiguration } from '../../testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { requestGeneration } from '../operations/request-generation.ts'
import { createChunkWriter } from './chunk-writer.ts'

/** The database takes between 20 and 150 ms for each piece, while pieces are due every 5 ms. */
const SLOW = `CREATE FUNCTION slow_piece() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_sleep(0.02 + random() * 0.13); RETURN NEW; END $$;
  CREATE TRIGGER slow_piece BEFORE INSERT ON generation_chunk FOR EACH ROW EXECUTE FUNCTION slow_piece()`

let app: TestRuntime
let actor: Actor
let double: ProviderDouble
let id: string

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime({ limits: { generation_flush_ms: 5 } })
  actor = app.actor()
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(actor, { name: 'greeting' })
  await withClient(app.database.ownerUrl, (client) => client.query(SLOW))
})
afterAll(async () => {
  await app.close()
  await double.close()
})
beforeEach(async () => {
  const { name } = await makeDoubleConfiguration(actor, double)
  const asked = await requestGeneration(app.actor(), {
    prompt: 'greeting',
    variables: { who: 'Ada' },
    configuration: name,
  })
  id = asked.id
})

/** The pieces as they are kept, each with its place. */
async function pieces() {
  const { rows } = await app.runtime.database.primary.pool.query<{ position: number; text: string }>(
    'SELECT position, text FROM generation_chunk WHERE generation_id = $1 ORDER BY position',
    [id],
  )
  return rows
}

const stored = async () => (await pieces()).map(({ text }) => text).join('')

function wordsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `word${n} `)
}

describe('pieces of an answer', () => {
  it('are written one at a time and in order, however slow the database is', async () => {
    const writer = createChunkWriter({ workspaceId: actor.workspaceId, id }, 1)
    const words = wordsUpTo(40)
    for (const word of words) {
      writer.add(word)
      const before = await stored()
      // A later piece never stands before an earlier one, at any moment.
      expect(words.join('').startsWith(before)).toBe(true)
    }
    await eventually(stored, (text) => text === words.join(''))
    await writer.stop()
    const rows = await pieces()
    let end = 0
    for (const { position, text } of rows) {
      expect(position).toBe(end)
      end += text.length
    }
    expect(rows.length).toBeGreaterThan(1)
  })

  it('are all there when stop() has resolved, and none comes after it', async () => {
    const writer = createChunkWriter({ workspaceId: actor.workspaceId, id }, 1)
    writer.add('first ')
    await eventually(stored, (text) => text === 'first ')
    writer.add('second ')
    // The second one is on its way, and a third one is due meanwhile.
    await eventually(
      async () => (await app.runtime.database.primary.pool.query(UNDER_WAY)).rowCount,
      (count) => count === 1,
    )
    writer.add('third ')
    await writer.stop()
    expect((await app.runtime.database.primary.pool.query(UNDER_WAY)).rowCount).toBe(0)
    const kept = await stored()
    expect(kept).toBe('first second ')
  })

  it('are written again where the answer to a write was lost, and counted once', async () => {
    const { pool } = app.runtime.database.primary
    const lost = createChunkWriter({ workspaceId: actor.workspaceId, id }, 1)
    const ask = pool.query.bind(pool) as (...call: unknown[]) => Promise<unknown>
    let isLost = false
    pool.query = (async (...call: unknown[]) => {
      const result = await ask(...call)
      if (!isLost && JSON.stringify(call).includes('generations.chunk')) {
        isLost = true
        throw new Error('the connection broke')
      }
      return result
    }) as unknown as typeof pool.query
    try {
      lost.add('one ')
      await eventually(stored, (text) => text === 'one ')
      lost.add('two ')
      await eventually(stored, (text) => text === 'one two ')
    } finally {
      Reflect.deleteProperty(pool, 'query')
      await lost.stop()
    }
    expect(await stored()).toBe('one two ')
  })
})

const UNDER_WAY = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
  AND query LIKE 'INSERT INTO generation_chunk%'`
