import { randomUUID } from 'node:crypto'
import { createCanceller, matchesOf } from './cancel.ts'
import type { FunctionConfiguration } from './configuration.ts'
import type { Sql } from './database.ts'
import type { Arrival, StoredEvent } from './event.ts'
import type { NewJob, Queue } from './queue.ts'
import { beginning } from './rate.ts'
import { type Candidate, onlyNew } from './started.ts'

export interface Dispatcher {
  /** Starts what the events trigger and ends what they cancel, in the caller's transaction. */
  dispatch(arrivals: readonly Arrival[], sql: Sql): Promise<void>
  /** Starts one function with an event, whatever its triggers are. */
  start(configuration: FunctionConfiguration, event: StoredEvent, sql: Sql): Promise<void>
  /** The same as at its start: what a run's further jobs go into the queue with. */
  placing(configuration: FunctionConfiguration | undefined, run: Placed): Pick<NewJob, 'priority' | 'group'>
}

/** Where a run stands in the queue. */
export interface Placed {
  priority: number
  groupId: string | null
}

export function createDispatcher(
  functions: readonly FunctionConfiguration[],
  queue: Pick<Queue, 'insert'>,
  schema: string,
): Dispatcher {
  const byEvent = Map.groupBy(
    functions.flatMap((configuration) =>
      configuration.triggers.flatMap((trigger) =>
        trigger.type === 'event' ? [{ configuration, ...trigger }] : [],
      ),
    ),
    ({ event }) => event,
  )
  const cancel = createCanceller(functions, schema)

  function triggered({ event, named }: Arrival): Candidate[] {
    const found = (byEvent.get(event.name) ?? []).filter(
      ({ condition }) => condition === undefined || condition.evaluate({ event }) === true,
    )
    // Two triggers of one function that both hold start it once.
    return [...new Set(found.map(({ configuration }) => configuration))].map((configuration) => {
      const keys = named ? [`event ${event.id}`] : []
      const key = configuration.idempotency?.evaluate({ event })
      if (key !== undefined) keys.push(`key ${JSON.stringify(key)}`)
      return { configuration, event, keys }
    })
  }

  async function start(candidates: readonly Candidate[], sql: Sql): Promise<void> {
    const fresh = await onlyNew(candidates, sql, schema)
    const jobs: NewJob[] = []
    const rows: object[] = []
    for (const { configuration, event } of fresh) {
      const startAfter = await beginning(configuration, event, sql, schema)
      if (startAfter === 'never') continue
      const run = placed(configuration, event)
      const id = randomUUID()
      rows.push({
        id,
        function_id: configuration.id,
        event,
        priority: run.priority,
        group_id: run.groupId,
        matches: matchesOf(configuration, event),
      })
      jobs.push({ data: { run: id, attempt: 0 }, startAfter, ...placing(configuration, run) })
    }
    if (rows.length === 0) return
    await sql.query(
      `INSERT INTO ${schema}.run (id, function_id, event, priority, group_id, matches)
       SELECT id, function_id, event, priority, group_id, matches
       FROM json_to_recordset($1) AS r (id uuid, function_id text, event json, priority integer, group_id text, matches text[])`,
      [JSON.stringify(rows)],
    )
    await queue.insert(jobs, sql)
  }

  return {
    async dispatch(arrivals, sql) {
      await start(arrivals.flatMap(triggered), sql)
      for (const { event } of arrivals) {
        const ended = await cancel(event, sql)
        if (ended.length > 0) await this.dispatch(ended, sql)
      }
    },
    start: (configuration, event, sql) => start([{ configuration, event, keys: [] }], sql),
    placing,
  }
}

function placing(configuration: FunctionConfiguration | undefined, { priority, groupId }: Placed) {
  const group =
    groupId === null || configuration === undefined ? undefined : { id: groupId, tier: configuration.id }
  return { priority, group }
}

function placed({ id, priority, concurrency }: FunctionConfiguration, event: StoredEvent): Placed {
  const wish = Number(priority?.evaluate({ event }) ?? 0)
  const key = concurrency?.key?.evaluate({ event })
  return {
    priority: Number.isFinite(wish) ? Math.max(-600, Math.min(600, Math.round(wish))) : 0,
    groupId: concurrency === undefined ? null : `${id} ${key === undefined ? '' : JSON.stringify(key)}`,
  }
}
