import type { Cancellation, FunctionConfiguration } from './configuration.ts'
import type { Sql } from './database.ts'
import { type Arrival, arrival, FUNCTION_CANCELLED, type StoredEvent } from './event.ts'
import { valueAt } from './expression.ts'

/** A run, as far as its end needs it. */
interface EndedRun {
  id: string
  event: StoredEvent
}

/**
 * Makes what ends the runs that an event cancels, in the caller's transaction, and answers with an event
 * for each of them.
 */
export function createCanceller(functions: readonly FunctionConfiguration[], schema: string) {
  const byEvent = Map.groupBy(
    functions.flatMap((configuration) =>
      configuration.cancellations.map((cancellation, index) => ({
        id: configuration.id,
        index,
        cancellation,
      })),
    ),
    ({ cancellation }) => cancellation.event,
  )

  /** Those for which an expression holds; undefined where there is none, or a match says it. */
  async function held(id: string, { condition, match }: Cancellation, event: StoredEvent, sql: Sql) {
    if (condition === undefined || match !== undefined) return undefined
    const { rows } = await sql.query<EndedRun>(
      `SELECT id, event FROM ${schema}.run WHERE function_id = $1 AND status = 'active'`,
      [id],
    )
    return rows
      .filter((run) => condition.evaluate({ event: run.event, async: event }) === true)
      .map((run) => run.id)
  }

  return async (event: StoredEvent, sql: Sql): Promise<Arrival[]> => {
    const ended: Arrival[] = []
    for (const { id, index, cancellation } of byEvent.get(event.name) ?? []) {
      const { match } = cancellation
      const value = match && valueAt(event, match.arriving)
      if (match !== undefined && value === undefined) continue
      const ids = await held(id, cancellation, event, sql)
      const { rows } = await sql.query<EndedRun>(
        `UPDATE ${schema}.run SET status = 'cancelled', ended_at = now()
         WHERE id IN (SELECT id FROM ${schema}.run WHERE function_id = $1 AND status = 'active'
             AND ($2::uuid[] IS NULL OR id = ANY ($2)) AND ($3::text IS NULL OR matches @> ARRAY[$3])
           ORDER BY id FOR UPDATE)
         RETURNING id, event`,
        [id, ids ?? null, value === undefined ? null : `${index}:${value}`],
      )
      ended.push(...rows.map((run) => cancelledEvent(id, run)))
    }
    return ended
  }
}

/** What a run is found by when an event arrives that may cancel it, as "index:value". */
export function matchesOf({ cancellations }: FunctionConfiguration, event: StoredEvent): string[] {
  return cancellations.flatMap(({ match }, index) => {
    const value = match && valueAt(event, match.own)
    return value === undefined ? [] : [`${index}:${value}`]
  })
}

function cancelledEvent(functionId: string, run: EndedRun): Arrival {
  const error = { name: 'Error', message: 'function cancelled' }
  const data = { function_id: functionId, run_id: run.id, error, event: run.event, events: [run.event] }
  return arrival({ name: FUNCTION_CANCELLED, data })
}
