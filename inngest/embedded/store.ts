import type pg from 'pg'
import { together } from './batch.ts'
import { transaction } from './database.ts'
import type { Dispatcher, Placed } from './dispatch.ts'
import { arrival, FUNCTION_FAILED, type StoredEvent } from './event.ts'
import type { PlainError, StepResult } from './protocol.ts'
import type { HeldJob, NewJob, Queue } from './queue.ts'

/** A run with what has become of its steps. */
export interface Run extends Placed {
  id: string
  functionId: string
  event: StoredEvent
  status: 'active' | 'completed' | 'failed' | 'cancelled'
  /** In the order in which the results came. */
  steps: Map<string, StepResult>
  /** Planned or asleep. */
  pending: Set<string>
  /** Once some of its steps raced, everything is planned: two of its calls may find the same step. */
  races: boolean
}

/** A step that is planned or sleeps. */
export interface PlannedStep {
  id: string
  race: boolean
  job: NewJob
}

/** What is kept of runs, and each change of it with what it means for the queue, in one transaction. */
export interface Store {
  load(ids: readonly string[]): Promise<Map<string, Run>>
  /** Keeps a result, unless there is one. @returns false when the run has ended or another result was first */
  keep(run: Run, stepId: string, result: StepResult): Promise<boolean>
  /**
   * Keeps the result of a step that was planned.
   * @returns whether the run goes on from here: nothing else that it waits for is under way
   */
  keepPlanned(run: Run, stepId: string, result: StepResult): Promise<boolean>
  plan(run: Run, steps: readonly PlannedStep[], held: HeldJob): Promise<void>
  complete(run: Run, output: unknown, held: HeldJob): Promise<void>
  fail(run: Run, error: PlainError, held: HeldJob): Promise<void>
  /** Puts another job in the place of the held one. */
  replace(job: NewJob, held: HeldJob): Promise<void>
  drop(held: HeldJob): Promise<void>
  /** Forgets runs that ended before so many milliseconds, and what was started so long ago. */
  forget(olderThanMs: number): Promise<void>
}

export interface StoreOptions {
  pool: pg.Pool
  schema: string
  queue: Queue
  dispatcher: Dispatcher
}

interface RunRow {
  id: string
  function_id: string
  event: StoredEvent
  status: Run['status']
  priority: number
  group_id: string | null
  steps: { id: string; result: StepResult | null; race: boolean }[] | null
}

/** Most results or ends that are written down together. */
const TOGETHER = 100

/*
 * One order of locks, so that nobody waits for somebody who waits for them: first jobs, then runs; of several runs
 * the lowest ids first, as what cancels many of them locks them. An order in a subquery would not do: a join may
 * take its rows as it likes, and does so while the tables are small.
 */

export function createStore({ pool, schema, queue, dispatcher }: StoreOptions): Store {
  /** The runs of an array that go on, locked. */
  const active = (ids: string, strength: 'SHARE' | 'NO KEY UPDATE') =>
    `active AS MATERIALIZED (
       SELECT id FROM ${schema}.run WHERE id = ANY (${ids}::uuid[]) AND status = 'active' ORDER BY id FOR ${strength}
     )`

  const keep = together(TOGETHER, async (results: { run_id: string; id: string; result: StepResult }[]) => {
    const { rows } = await pool.query<{ run_id: string; id: string }>(
      `WITH ${active('$2', 'SHARE')}
       INSERT INTO ${schema}.step (run_id, id, result, place)
       SELECT k.run_id, k.id, k.result, nextval('${schema}.place')
       FROM json_to_recordset($1) AS k (run_id uuid, id text, result json) JOIN active ON active.id = k.run_id
       ON CONFLICT (run_id, id) DO NOTHING RETURNING run_id, id`,
      [JSON.stringify(results), results.map(({ run_id }) => run_id)],
    )
    const kept = new Set(rows.map(({ run_id, id }) => `${run_id} ${id}`))
    return results.map(({ run_id, id }) => kept.has(`${run_id} ${id}`))
  })

  const complete = together(TOGETHER, async (runs: { id: string; output: unknown; held: HeldJob }[]) => {
    const rows = runs.map(({ id, output }) => ({ id, output }))
    await transaction(pool, async (client) => {
      await queue.remove(
        runs.map(({ held }) => held),
        client,
      )
      await client.query(
        `WITH ${active('$2', 'NO KEY UPDATE')}
         UPDATE ${schema}.run r SET status = 'completed', output = c.output, ended_at = now()
         FROM active JOIN json_to_recordset($1) AS c (id uuid, output json) ON c.id = active.id
         WHERE r.id = active.id`,
        [JSON.stringify(rows), runs.map(({ id }) => id)],
      )
    })
    return runs.map(() => undefined)
  })

  return {
    async load(ids) {
      const { rows } = await pool.query<RunRow>(
        `SELECT id, function_id, event, status, priority, group_id,
           (SELECT json_agg(json_build_object('id', s.id, 'result', s.result, 'race', s.race) ORDER BY s.place)
            FROM ${schema}.step s WHERE s.run_id = r.id) AS steps
         FROM ${schema}.run r WHERE id = ANY ($1)`,
        [ids],
      )
      return new Map(rows.map((row) => [row.id, readRun(row)]))
    },

    keep: (run, stepId, result) => keep({ run_id: run.id, id: stepId, result }),

    keepPlanned: (run, stepId, result) =>
      transaction(pool, async (client) => {
        if (!(await isActive(client, schema, run.id))) return false
        const { rows } = await client.query<{ race: boolean }>(
          `UPDATE ${schema}.step SET result = $3, place = nextval('${schema}.place')
           WHERE run_id = $1 AND id = $2 AND result IS NULL RETURNING race`,
          [run.id, stepId, JSON.stringify(result)],
        )
        const [kept] = rows
        if (kept === undefined || kept.race) return kept !== undefined
        const others = await client.query(
          `SELECT FROM ${schema}.step WHERE run_id = $1 AND result IS NULL AND NOT race LIMIT 1`,
          [run.id],
        )
        return others.rowCount === 0
      }),

    plan: (run, steps, held) =>
      transaction(pool, async (client) => {
        if ((await queue.remove([held], client)) === 0) return
        if (!(await isActive(client, schema, run.id))) return
        const { rows } = await client.query<{ id: string }>(
          `INSERT INTO ${schema}.step (run_id, id, race)
           SELECT $1, id, race FROM json_to_recordset($2) AS s (id text, race boolean)
           ON CONFLICT (run_id, id) DO NOTHING RETURNING id`,
          [run.id, JSON.stringify(steps.map(({ id, race }) => ({ id, race })))],
        )
        const fresh = new Set(rows.map(({ id }) => id))
        await queue.insert(
          steps.filter(({ id }) => fresh.has(id)).map(({ job }) => job),
          client,
        )
      }),

    complete: (run, output, held) => complete({ id: run.id, output: output ?? null, held }),

    fail: (run, error, held) =>
      transaction(pool, async (client) => {
        await queue.remove([held], client)
        const { rowCount } = await client.query(
          `UPDATE ${schema}.run SET status = 'failed', output = $2, ended_at = now()
           WHERE id = $1 AND status = 'active'`,
          [run.id, JSON.stringify(error)],
        )
        if (rowCount === 1) await dispatcher.dispatch([failedEvent(run, error)], client)
      }),

    replace: (job, held) =>
      transaction(pool, async (client) => {
        if ((await queue.remove([held], client)) > 0) await queue.insert([job], client)
      }),

    async drop(held) {
      await queue.remove([held], pool)
    },

    async forget(olderThanMs) {
      await pool.query(
        `DELETE FROM ${schema}.run WHERE id IN
           (SELECT id FROM ${schema}.run WHERE ended_at < now() - $1 * interval '1 ms' LIMIT 5000)`,
        [olderThanMs],
      )
      await pool.query(`DELETE FROM ${schema}.started WHERE expires_at < now()`)
      await pool.query(`DELETE FROM ${schema}.rate WHERE next_at < now() - interval '1 day'`)
    },
  }
}

/** Locks the run against other results of its steps, and says whether it still goes on. */
async function isActive(client: pg.PoolClient, schema: string, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM ${schema}.run WHERE id = $1 AND status = 'active' FOR UPDATE`,
    [id],
  )
  return rowCount === 1
}

function readRun(row: RunRow): Run {
  const steps = new Map<string, StepResult>()
  const pending = new Set<string>()
  for (const { id, result } of row.steps ?? []) {
    if (result === null) pending.add(id)
    else steps.set(id, result)
  }
  return {
    id: row.id,
    functionId: row.function_id,
    event: row.event,
    status: row.status,
    priority: row.priority,
    groupId: row.group_id,
    steps,
    pending,
    races: row.steps?.some(({ race }) => race) ?? false,
  }
}

function failedEvent(run: Run, error: PlainError) {
  const data = {
    function_id: run.functionId,
    run_id: run.id,
    error,
    event: run.event,
    events: [run.event],
  }
  return arrival({ name: FUNCTION_FAILED, data })
}
