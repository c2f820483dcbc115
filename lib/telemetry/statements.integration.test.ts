import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getRuntime } from '../runtime.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { type RecordedTracing, recordTracing } from '../testing/tracing.ts'
import { observePool, summaryOf } from './statements.ts'

let app: TestRuntime
let pool: pg.Pool
let recorded: RecordedTracing
beforeAll(async () => {
  app = await testRuntime()
  recorded = recordTracing()
  getRuntime().telemetry.tracing = recorded.tracing
  pool = new pg.Pool({ connectionString: app.database.url, max: 1 })
  observePool(pool, { url: app.database.url })
})
afterAll(async () => {
  await pool.end()
  await app.close()
})

/** Runs work within a span of a name. @returns the names of the statements that became its children */
async function within(name: string, work: () => Promise<unknown>): Promise<string[]> {
  const span = recorded.tracing.start(() => ({ name, kind: 'server' }))
  await recorded.tracing.within(span, work).catch(() => undefined)
  span.end()
  return recorded
    .spans()
    .filter((each) => each.parentSpanContext?.spanId === span.spanId)
    .map((each) => each.name)
}

it('names a statement by its name, else by what it does, and tells no value', async () => {
  const names = await within('all', async () => {
    await pool.query({
      name: 'actors.read',
      text: 'SELECT id FROM actor WHERE display = $1',
      values: ['secret'],
    })
    await pool.query('SELECT id FROM actor WHERE display = $1', ['secret'])
    const client = await pool.connect()
    await client.query('SELECT 1')
    client.release()
  })
  expect(names).toEqual(['actors.read', 'SELECT actor', 'SELECT'])
  expect(recorded.span('actors.read').attributes).toMatchObject({
    'db.system.name': 'postgresql',
    'db.operation.name': 'SELECT',
    'db.query.summary': 'actors.read',
  })
  expect(JSON.stringify(recorded.spans().map(({ attributes }) => attributes))).not.toContain('secret')
})

it('belongs to who asked, though it waits for the connection of another', async () => {
  const [first, second] = await Promise.all([
    within('first', () => pool.query({ name: 'the.first', text: 'SELECT pg_sleep(0.05)' })),
    within('second', () => pool.query({ name: 'the.second', text: 'SELECT 2' })),
  ])
  expect([first, second]).toEqual([['the.first'], ['the.second']])
})

it('fails by the code of the database', async () => {
  await within('failing', () => pool.query({ name: 'it.fails', text: `SELECT 'secret'::int` }))
  const { attributes, events } = recorded.span('it.fails')
  expect(attributes).toMatchObject({ 'error.type': '22P02', 'db.response.status_code': '22P02' })
  expect(events).toEqual([])
})

it.each([
  ['INSERT INTO "public"."prompt_version" ("id") VALUES ($1)', 's12', 'INSERT prompt_version'],
  ['WITH gone AS (DELETE FROM session WHERE id = $1) SELECT 1', '', 'WITH session'],
  ['  UPDATE workspace SET revision = 2', '', 'UPDATE workspace'],
  ['BEGIN', '', 'BEGIN'],
  ['', '', 'QUERY'],
])('%s', (text, name, expected) => expect(summaryOf(text, name).summary).toBe(expected))
