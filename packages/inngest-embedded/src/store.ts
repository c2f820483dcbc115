import type pg from 'pg'
import { batched, transaction } from './database.ts'
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
}

export interface StoreOptions {
  pool: pg.Pool
  schema: string
  queue: Pick<Queue, 'insert' | 'remove'>
  dispatcher: Pick<Dispatcher, 'dispatch'>
}

interface RunRow {
  id: string
  function_id: string
  event: StoredEvent
  status: Run['status']
  priority: number
  group_id: string | null
  steps: { id: string; result: StepResult }[] | null
}

interface Result {
  run_id: string
  id: string
  result: StepResult
}

interface Completion {
  id: string
  output: unknown
  held: HeldJob
}

/** Most results or ends that are written down together. */
const MOST = 100

/**
 * What is kept of runs, and each change of it with what it means for the queue, in one transaction.
 *
 * One order of locks, so that nobody waits for somebody who waits for them: first jobs, then runs; of several runs
 * the lowest ids first, as what cancels many of them locks them. An order in a subquery would not do: a join may
 * take its rows as it likes, and does so while the tables are small.
 */
export class Store {
  readonly #options: StoreOptions
  readonly #keep = batched(MOST, (results: Result[]) => this.#keepAll(results))
  readonly #complete = batched(MOST, (runs: Completion[]) => this.#completeAll(runs))

  constructor(options: StoreOptions) {
    this.#options = options
  }

  async load(ids: readonly string[]): Promise<Map<string, Run>> {
    const { pool, schema } = this.#options
    const { rows } = await pool.query<RunRow>(
      `SELECT id, function_id, event, status, priority, group_id,
         (SELECT json_agg(json_build_object('id', s.id, 'result', s.result) ORDER BY s.place)
          FROM ${schema}.step s WHERE s.run_id = r.id AND s.result IS NOT NULL) AS steps
       FROM ${schema}.run r WHERE id = ANY ($1)`,
      [ids],
    )
    return new Map(rows.map((row) => [row.id, readRun(row)]))
  }

  /** Keeps a result, unless there is one. @returns false when the run has ended or another result was first */
  keep(run: Run, stepId: string, result: StepResult): Promise<boolean> {
    return this.#keep({ run_id: run.id, id: stepId, result })
  }

  complete(run: Run, output: unknown, held: HeldJob): Promise<void> {
    return this.#complete({ id: run.id, output: output ?? null, held })
  }

  fail(run: Run, error: PlainError, held: HeldJob): Promise<void> {
    const { pool, schema, queue, dispatcher } = this.#options
    return transaction(pool, async (client) => {
      await queue.remove([held], client)
      const { rowCount } = await client.query(
        `UPDATE ${schema}.run SET status = 'failed', output = $2, ended_at = now()
         WHERE id = $1 AND status = 'active'`,
        [run.id, JSON.stringify(error)],
      )
      if (rowCount === 1) await dispatcher.dispatch([failedEvent(run, error)], client)
    })
  }

  /** Puts another job in the place of the held one. */
  replace(job: NewJob, held: HeldJob): Promise<void> {
    const { pool, queue } = this.#options
    return transaction(pool, async (client) => {
      if ((await queue.remove([held], client)) > 0) await queue.insert([job], client)
    })
  }

  async drop(held: HeldJob): Promise<void> {
    await this.#options.queue.remove([held], this.#options.pool)
  }

  /** Forgets runs that ended before so many milliseconds, and what was started so long ago. */
  async forget(olderThanMs: number): Promise<void> {
    const { pool, schema } = this.#options
    await pool.query(
      `DELETE FROM ${schema}.run WHERE id IN
         (SELECT id FROM ${schema}.run WHERE ended_at < now() - $1 * interval '1 ms' LIMIT 5000)`,
      [olderThanMs],
    )
    await pool.query(`DELETE FROM ${schema}.started WHERE expires_at < now()`)
  }

  async #keepAll(results: readonly Result[]): Promise<boolean[]> {
    const { pool, schema } = this.#options
    // A row without a result is a sleep that an earlier version of the runner noted.
    const { rows } = await pool.query<{ run_id: string; id: string }>(
      `WITH ${this.#active('$2', 'SHARE')}
       INSERT INTO ${schema}.step AS s (run_id, id, result, place)
       SELECT k.run_id, k.id, k.result, nextval('${schema}.place')
       FROM json_to_recordset($1) AS k (run_id uuid, id text, result json) JOIN active ON active.id = k.run_id
       ON CONFLICT (run_id, id) DO UPDATE SET result = excluded.result, place = excluded.place
         WHERE s.result IS NULL
       RETURNING run_id, id`,
      [JSON.stringify(results), results.map(({ run_id }) => run_id)],
    )
    const kept = new Set(rows.map(({ run_id, id }) => `${run_id} ${id}`))
    return results.map(({ run_id, id }) => kept.has(`${run_id} ${id}`))
  }

  async #completeAll(runs: readonly Completion[]): Promise<void[]> {
    const { pool, schema, queue } = this.#options
    const rows = runs.map(({ id, output }) => ({ id, output }))
    await transaction(pool, async (client) => {
      await queue.remove(
        runs.map(({ held }) => held),
        client,
      )
      await client.query(
        `WITH ${this.#active('$2', 'NO KEY UPDATE')}
         UPDATE ${schema}.run r SET status = 'completed', output = c.output, ended_at = now()
         FROM active JOIN json_to_recordset($1) AS c (id uuid, output json) ON c.id = active.id
         WHERE r.id = active.id`,
        [JSON.stringify(rows), runs.map(({ id }) => id)],
      )
    })
    return runs.map(() => undefined)
  }

  /** The runs of an array that go on, locked. */
  #active(ids: string, strength: 'SHARE' | 'NO KEY UPDATE'): string {
    return `active AS MATERIALIZED (
      SELECT id FROM ${this.#options.schema}.run
      WHERE id = ANY (${ids}::uuid[]) AND status = 'active' ORDER BY id FOR ${strength}
    )`
  }
}

function readRun(row: RunRow): Run {
  return {
    id: row.id,
    functionId: row.function_id,
    event: row.event,
    status: row.status,
    priority: row.priority,
    groupId: row.group_id,
    steps: new Map(row.steps?.map(({ id, result }) => [id, result])),
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
