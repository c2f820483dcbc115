import type { FunctionConfiguration } from './configuration.ts'
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
    functions.flatMap(({ id, cancellations }) =>
      cancellations.map((cancellation, index) => ({ id, index, ...cancellation })),
    ),
    ({ event }) => event,
  )

  return async (event: StoredEvent, sql: Sql): Promise<Arrival[]> => {
    const ended: Arrival[] = []
    for (const { id, index, match } of byEvent.get(event.name) ?? []) {
      const value = valueAt(event, match.arriving)
      if (value === undefined) continue
      const { rows } = await sql.query<EndedRun>(
        `UPDATE ${schema}.run SET status = 'cancelled', ended_at = now()
         WHERE id IN (SELECT id FROM ${schema}.run
           WHERE function_id = $1 AND status = 'active' AND matches @> ARRAY[$2] ORDER BY id FOR UPDATE)
         RETURNING id, event`,
        [id, `${index}:${value}`],
      )
      ended.push(...rows.map((run) => cancelledEvent(id, run)))
    }
    return ended
  }
}

/** What a run is found by when an event arrives that may cancel it, as "index:value". */
export function matchesOf({ cancellations }: FunctionConfiguration, event: StoredEvent): string[] {
  return cancellations.flatMap(({ match }, index) => {
    const value = valueAt(event, match.own)
    return value === undefined ? [] : [`${index}:${value}`]
  })
}

function cancelledEvent(functionId: string, run: EndedRun): Arrival {
  const error = { name: 'Error', message: 'function cancelled' }
  const data = { function_id: functionId, run_id: run.id, error, event: run.event, events: [run.event] }
  return arrival({ name: FUNCTION_CANCELLED, data })
}
