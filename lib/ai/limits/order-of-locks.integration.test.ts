import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../id.ts'
import { eventually } from '../../testing/models/generations.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'

const AMOUNT = { requests: 1, tokens: 10, cost: '0.1', max_requests: null, max_tokens: null, max_cost: null }

let app: TestRuntime
let first: pg.PoolClient
let second: pg.PoolClient

beforeAll(async () => {
  app = await testRuntime()
  first = await app.runtime.database.primary.pool.connect()
  second = await app.runtime.database.primary.pool.connect()
})
afterAll(async () => {
  first.release()
  second.release()
  await app.close()
})

const windowsOf = (id: string) =>
  JSON.stringify(['minute', 'month'].map((period) => ({ subject: `configuration:${id}`, period, ...AMOUNT })))

const add = (client: pg.PoolClient, id: string, at: string) =>
  client.query('SELECT add_spending($1, $2, $3)', [app.identity.workspaceId, windowsOf(id), at])
const take = (client: pg.PoolClient, id: string, at: string) =>
  client.query('SELECT take_spending($1, $2, $3)', [app.identity.workspaceId, windowsOf(id), at])
const lock = (client: pg.PoolClient, ...ids: string[]) =>
  client.query('SELECT lock_spending($1, $2)', [
    app.identity.workspaceId,
    ids.map((id) => `configuration:${id}`),
  ])

/** Resolves once the second connection waits for a lock. */
const secondWaits = () =>
  eventually(
    async () => {
      const { rows } = await app.runtime.database.primary.pool.query<{ waits: boolean }>(
        `SELECT wait_event_type = 'Lock' AS waits FROM pg_stat_activity WHERE pid = $1`,
        [(second as unknown as { processID: number }).processID],
      )
      return rows[0]?.waits === true
    },
    (waits) => waits,
  )

/** What the second does while the first is between its two steps; both must come through. */
async function meet(steps: [() => Promise<unknown>, () => Promise<unknown>], other: () => Promise<unknown>) {
  await first.query('BEGIN')
  await second.query('BEGIN')
  await steps[0]()
  const others = other()
  await secondWaits()
  await steps[1]()
  await first.query('COMMIT')
  await others
  await second.query('COMMIT')
}

/** In all months together. */
async function requestsOf(id: string): Promise<number | undefined> {
  const { rows } = await app.runtime.database.primary.pool.query<{ requests: number }>(
    `SELECT sum(requests)::integer AS requests FROM ai_spending WHERE subject = $1 AND period = 'month'`,
    [`configuration:${id}`],
  )
  return rows[0]?.requests
}

describe('whoever settles an earlier call and reserves another one', () => {
  it.each([
    ['the new minute is there', '2026-11-28T10:00:30Z', '2026-11-28T10:01:30Z', true],
    ['the new minute is not there', '2026-11-28T11:00:30Z', '2026-11-28T11:01:30Z', false],
    ['it is the same minute', '2026-11-28T12:00:30Z', '2026-11-28T12:00:40Z', true],
  ])('and whoever reserves meanwhile both come through: %s', async (_case, before, now, isThere) => {
    const id = newId()
    await take(first, id, before)
    if (isThere) await take(first, id, now)
    await meet([() => add(first, id, before), () => take(first, id, now)], () => take(second, id, now))
    expect(await requestsOf(id)).toBe(isThere ? 5 : 4)
  })

  it('both come through when a month has begun in between', async () => {
    const id = newId()
    const [before, now] = ['2026-11-30T23:59:30Z', '2026-12-01T00:00:30Z']
    await take(first, id, before)
    await first.query('BEGIN')
    await second.query('BEGIN')
    await add(first, id, before)
    await take(second, id, now)
    const firsts = take(first, id, now)
    await second.query('COMMIT')
    await firsts
    await first.query('COMMIT')
    expect(await requestsOf(id)).toBe(4)
  })

  it('locks several configurations in one order, whichever it was given first', async () => {
    const [one, other] = [newId(), newId()]
    const now = new Date().toISOString()
    await meet([() => lock(first, one, other), () => take(first, other, now)], async () => {
      await lock(second, other, one)
      await take(second, one, now)
    })
    expect([await requestsOf(one), await requestsOf(other)]).toEqual([1, 1])
  })
})
