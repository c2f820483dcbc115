import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase, poolOf } from '../suite/database.ts'
import { install } from './install.ts'
import { withDefaults } from './options.ts'
import { type HeldJob, Queue } from './queue.ts'
import { type Run, Store } from './store.ts'

/** Statements that lock several rows: none may hold one that another waits for while it waits for one of its. */

const schema = 'locked'
const [FIRST, LAST] = ['00000000-0000-4000-8000-000000000001', 'ffffffff-ffff-4fff-8fff-ffffffffffff']
const OTHER = '77777777-7777-4777-8777-777777777777'

let database: FreshDatabase
let pool: pg.Pool
let queue: Queue
beforeAll(async () => {
  database = await freshDatabase()
  pool = poolOf(database.url, 6)
  await install({ pool, schema, ownerConnectionString: undefined })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const handler = () => Promise.reject(new Error('nothing is called'))
  const settings = withDefaults({ pool, connectionString: database.url, schema, log, handler })
  queue = new Queue({ settings, limits: {}, onWork: () => undefined })
  await queue.start()
})
afterAll(async () => {
  await queue.stop()
  await pool.end()
  await database.drop()
})
beforeEach(() => pool.query(`DELETE FROM ${schema}.run`))

/** Runs in the order in which they are in the table: the last id comes first. */
const makeRuns = () =>
  pool.query(
    `INSERT INTO ${schema}.run (id, function_id, event, priority, matches)
     SELECT id, 'f', '{}', 0, '{}' FROM unnest($1::uuid[]) AS r (id)`,
    [[LAST, OTHER, FIRST]],
  )
const runOf = (id: string): Run => ({
  id,
  functionId: 'f',
  event: { id: 'e', name: 'n', data: {}, ts: 0 },
  status: 'active',
  priority: 0,
  groupId: null,
  steps: new Map(),
})
const heldOf = (run: string): HeldJob => ({ id: run, retryCount: 0, data: { run, attempt: 0 } })

/** Does something while another connection holds a row. */
async function whileHeld(row: string, id: string, work: () => Promise<void>): Promise<void> {
  const holder = await pool.connect()
  try {
    await holder.query(`BEGIN; SELECT FROM ${schema}${row} WHERE id = '${id}' FOR UPDATE`)
    await work()
  } finally {
    await holder.query('ROLLBACK')
    holder.release()
  }
}

const waiting = async () => {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rowCount
}
const isFree = async (id: string) =>
  (await pool.query(`SELECT FROM ${schema}.run WHERE id = $1 FOR UPDATE SKIP LOCKED`, [id])).rowCount === 1

it.each(['keep', 'complete'] as const)('%s locks runs in the order of their ids', async (what) => {
  await makeRuns()
  const removed: string[] = []
  const ownQueue = {
    insert: () => Promise.resolve(),
    remove: async (jobs: readonly HeldJob[]) => removed.push(...jobs.map(({ id }) => id)),
  }
  const dispatcher = { dispatch: () => Promise.resolve() }
  const store = new Store({ pool, schema, queue: ownQueue, dispatcher })
  const work = (id: string) =>
    what === 'keep' ? store.keep(runOf(id), 'step', { data: 1 }) : store.complete(runOf(id), 1, heldOf(id))
  let done: Promise<unknown[]> | undefined
  await whileHeld('.run', FIRST, async () => {
    // The first call goes alone, those after it together.
    done = Promise.all([OTHER, LAST, FIRST].map(work))
    await expect.poll(waiting).toBe(1)
    expect(await isFree(LAST)).toBe(true)
    // Jobs come before runs.
    expect(removed).toEqual(what === 'keep' ? [] : [OTHER, LAST, FIRST])
  })
  await done
  const { rows } = await pool.query(
    what === 'keep'
      ? `SELECT run_id FROM ${schema}.step`
      : `SELECT id FROM ${schema}.run WHERE status = 'completed'`,
  )
  expect(rows).toHaveLength(3)
})

it('the sign of life waits for no job that somebody is just removing', async () => {
  await queue.insert(
    [FIRST, LAST].map((run) => ({ data: { run, attempt: 0 }, priority: 0 })),
    pool,
  )
  const jobs = await queue.fetch(2)
  expect(jobs).toHaveLength(2)
  const beats = async () => {
    const { rows } = await pool.query<{ id: string; at: string }>(
      `SELECT id, heartbeat_on::text AS at FROM ${schema}_queue.job WHERE id = ANY ($1)`,
      [jobs.map(({ id }) => id)],
    )
    return new Map(rows.map(({ id, at }) => [id, at]))
  }
  const before = await beats()
  const [busy, other] = jobs.map(({ id }) => id)
  await whileHeld('_queue.job', busy ?? '', () => queue.touch(jobs))
  const after = await beats()
  expect(after.get(busy ?? '')).toBe(before.get(busy ?? ''))
  expect(after.get(other ?? '')).not.toBe(before.get(other ?? ''))
})

it('the end of a sleep that an earlier version of the runner noted is kept', async () => {
  await makeRuns()
  await pool.query(`INSERT INTO ${schema}.step (run_id, id) VALUES ($1, 'slept')`, [FIRST])
  const store = new Store({ pool, schema, queue, dispatcher: { dispatch: () => Promise.resolve() } })
  const load = async () => (await store.load([FIRST])).get(FIRST)?.steps
  expect(await load()).toEqual(new Map())
  expect(await store.keep(runOf(FIRST), 'slept', { data: null })).toBe(true)
  expect(await load()).toEqual(new Map([['slept', { data: null }]]))
  expect(await store.keep(runOf(FIRST), 'slept', { data: 1 })).toBe(false)
})
