import { randomUUID } from 'node:crypto'
import { createCanceller, matchesOf } from './cancel.ts'
import type { FunctionConfiguration } from './configuration.ts'
import type { Sql } from './database.ts'
import type { Arrival, StoredEvent } from './event.ts'
import type { Expression } from './expression.ts'
import type { NewJob, Queue } from './queue.ts'

/** Where a run stands in the queue. */
export interface Placed {
  priority: number
  groupId: string | null
}

/** A run that may be about to begin. */
interface Candidate {
  configuration: FunctionConfiguration
  event: StoredEvent
  /** What must be new; undefined: the event has no id of its sender's. */
  key: string | undefined
}

/** What an event of a name may start. */
interface Start {
  configuration: FunctionConfiguration
  event: string
  condition: Expression | undefined
}

/** An event starts a function once in so long, as on a server. */
const ONCE = '24 hours'

/** From events to runs: what they start and what they cancel, in the caller's transaction. */
export class Dispatcher {
  readonly #queue: Pick<Queue, 'insert'>
  readonly #schema: string
  readonly #byEvent: Map<string, Start[]>
  readonly #cancel: ReturnType<typeof createCanceller>

  constructor(functions: readonly FunctionConfiguration[], queue: Pick<Queue, 'insert'>, schema: string) {
    this.#queue = queue
    this.#schema = schema
    this.#cancel = createCanceller(functions, schema)
    const starts = functions.flatMap((configuration) =>
      configuration.triggers.flatMap((trigger) =>
        trigger.type === 'event' ? [{ configuration, ...trigger }] : [],
      ),
    )
    this.#byEvent = Map.groupBy(starts, ({ event }) => event)
  }

  /** Starts what the events trigger and ends what they cancel. */
  async dispatch(arrivals: readonly Arrival[], sql: Sql): Promise<void> {
    await this.#startNew(
      arrivals.flatMap((each) => this.#triggered(each)),
      sql,
    )
    for (const { event } of arrivals) {
      const ended = await this.#cancel(event, sql)
      if (ended.length > 0) await this.dispatch(ended, sql)
    }
  }

  /** Starts one function with an event, whatever its triggers are. */
  start(configuration: FunctionConfiguration, event: StoredEvent, sql: Sql): Promise<void> {
    return this.#startNew([{ configuration, event, key: undefined }], sql)
  }

  #triggered({ event, named }: Arrival): Candidate[] {
    const found = (this.#byEvent.get(event.name) ?? []).filter(
      ({ condition }) => condition === undefined || condition.evaluate(event) === true,
    )
    // Two triggers of one function that both hold start it once.
    return [...new Set(found.map(({ configuration }) => configuration))].map((configuration) => ({
      configuration,
      event,
      key: named ? `event ${event.id}` : undefined,
    }))
  }

  async #startNew(candidates: readonly Candidate[], sql: Sql): Promise<void> {
    const jobs: NewJob[] = []
    const rows: object[] = []
    for (const { configuration, event } of await onlyNew(candidates, sql, this.#schema)) {
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
      jobs.push({ data: { run: id, attempt: 0 }, ...placing(configuration, run) })
    }
    if (rows.length === 0) return
    await sql.query(
      `INSERT INTO ${this.#schema}.run (id, function_id, event, priority, group_id, matches)
       SELECT id, function_id, event, priority, group_id, matches
       FROM json_to_recordset($1) AS r (id uuid, function_id text, event json, priority integer, group_id text, matches text[])`,
      [JSON.stringify(rows)],
    )
    await this.#queue.insert(jobs, sql)
  }
}

/** What all jobs of a run go into the queue with. */
export function placing(
  configuration: FunctionConfiguration | undefined,
  { priority, groupId }: Placed,
): Pick<NewJob, 'priority' | 'group'> {
  const group =
    groupId === null || configuration === undefined ? undefined : { id: groupId, tier: configuration.id }
  return { priority, group }
}

function placed({ id, priority, concurrency }: FunctionConfiguration, event: StoredEvent): Placed {
  const wish = Number(priority?.evaluate(event) ?? 0)
  const key = concurrency?.key?.evaluate(event)
  return {
    priority: Number.isFinite(wish) ? Math.max(-600, Math.min(600, Math.round(wish))) : 0,
    groupId: concurrency === undefined ? null : `${id} ${key === undefined ? '' : JSON.stringify(key)}`,
  }
}

/** Leaves out what the same event has started before. */
async function onlyNew(candidates: readonly Candidate[], sql: Sql, schema: string): Promise<Candidate[]> {
  const wanted = new Map<string, { function_id: string; key: string }>()
  for (const { configuration, key } of candidates)
    if (key !== undefined) wanted.set(`${configuration.id} ${key}`, { function_id: configuration.id, key })
  if (wanted.size === 0) return [...candidates]
  // In a fixed order, so that two senders of the same events wait for each other instead of for ever.
  const sorted = [...wanted.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const { rows } = await sql.query<{ function_id: string; key: string }>(
    `INSERT INTO ${schema}.started AS s (function_id, key, expires_at)
     SELECT function_id, key, now() + interval '${ONCE}'
     FROM json_to_recordset($1) AS r (function_id text, key text)
     ON CONFLICT (function_id, key) DO UPDATE SET expires_at = excluded.expires_at WHERE s.expires_at < now()
     RETURNING function_id, key`,
    [JSON.stringify(sorted)],
  )
  const fresh = new Set(rows.map(({ function_id, key }) => `${function_id} ${key}`))
  // The next event of this very call with the same key is not new any more: delete() tells it once.
  return candidates.filter(
    ({ configuration, key }) => key === undefined || fresh.delete(`${configuration.id} ${key}`),
  )
}
