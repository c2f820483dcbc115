import { afterAll, beforeAll, expect, it } from 'vitest'
import { metrics } from '../metrics.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { addDatabaseMetrics, slowStatements } from './database-metrics.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({
    limits: { slow_statement_ms: 20, slow_statements: 3 },
    connections: { pool_size: 1, max_overflow: 0 },
  })
  addDatabaseMetrics()
})
afterAll(() => app.close())

const pool = () => app.runtime.database.primary.pool

async function figure(line: string): Promise<number> {
  const text = await metrics().expose()
  const found = text.split('\n').find((each) => each.startsWith(`${line} `))
  return found === undefined ? 0 : Number(found.slice(line.length + 1))
}

it('counts statements by whether they succeeded, however they were sent', async () => {
  const ok = 'incipit_database_statement_seconds_count{server="primary",outcome="ok"}'
  const failed = 'incipit_database_statement_seconds_count{server="primary",outcome="failed"}'
  const before = { ok: await figure(ok), failed: await figure(failed) }
  await pool().query('SELECT 1')
  await app.runtime.database.primary.prisma.workspace.count()
  await expect(pool().query('SELECT nothing_such')).rejects.toThrow('nothing_such')
  const client = await pool().connect()
  await client.query({ text: 'SELECT $1::int', values: [1] })
  client.release()
  expect(await figure(ok)).toBeGreaterThanOrEqual(before.ok + 3)
  expect(await figure(failed)).toBe(before.failed + 1)
})

it('keeps the slow statements that came last, by our names, and no value', async () => {
  const slow = (name: string) => figure(`incipit_database_slow_statements_total{statement="${name}"}`)
  const others = await slow('other')
  const sleep = (name: string | undefined, secret: string) =>
    pool().query({
      ...(name !== undefined && { name }),
      text: 'SELECT pg_sleep(0.03), $1::text',
      values: [secret],
    })
  for (const name of ['tests.slow', 's12', 'pgboss.3', undefined]) await sleep(name, 'a secret value')
  expect(slowStatements().map(({ name, server, hasFailed }) => ({ name, server, hasFailed }))).toEqual([
    { name: 'other', server: 'primary', hasFailed: false },
    { name: 'queue', server: 'primary', hasFailed: false },
    { name: 'other', server: 'primary', hasFailed: false },
  ])
  expect(slowStatements()[0]).toMatchObject({ text: 'SELECT pg_sleep(0.03), $1::text' })
  expect(slowStatements()[0]?.ms).toBeGreaterThan(20)
  expect(JSON.stringify(slowStatements())).not.toContain('a secret value')
  expect(await slow('tests.slow')).toBe(1)
  expect(await slow('other')).toBe(others + 2)
})

it('times who waits for a connection', async () => {
  const line = 'incipit_database_wait_seconds_sum{server="primary",outcome="ok"}'
  const before = await figure(line)
  const held = await pool().connect()
  const waiting = pool().query('SELECT 1')
  await held.query('SELECT pg_sleep(0.1)')
  held.release()
  await waiting
  expect((await figure(line)) - before).toBeGreaterThan(0.09)
  expect(await figure('incipit_database_connections_limit')).toBe(1)
})
