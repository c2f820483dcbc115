import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMaySeeAlerts } from '../policy.ts'
import type { AlertEventPage, ListEventsQuery } from '../schema.ts'
import { EVENT_COLUMNS, EVENT_JOINS, eventAnswer, type FoundEvent } from '../stored-event.ts'

const Key = z.tuple([CursorTime, z.uuid()])

const SELECT = `SELECT ${EVENT_COLUMNS} FROM alert_event e ${EVENT_JOINS} WHERE e.workspace_id = $1::uuid
    AND ($2::text IS NULL OR ($2 = 'firing') = (e.resolved_at IS NULL))
    AND ($3::uuid IS NULL OR e.rule_id = $3)
    AND ($4::timestamptz IS NULL OR (e.fired_at, e.id) < ($4::timestamptz, $5::uuid))
  ORDER BY e.fired_at DESC, e.id DESC LIMIT $6`

/**
 * A page of what fired, the newest first.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listEvents = operation('listEvents', run)

async function run(actor: Actor, input: ListEventsQuery): Promise<AlertEventPage> {
  assertMaySeeAlerts(actor)
  const { state = null, rule = null } = input
  const limit = pageSize(input.limit)
  const scope = { list: 'alert-events', filters: { state, rule } }
  const [time = null, id = null] = decodeCursor(scope, Key, input.cursor) ?? []
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundEvent>(SELECT, [actor.workspaceId, state, rule, time, id, limit + 1]),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(eventAnswer),
    next_cursor: last === undefined ? null : encodeCursor(scope, [last.fired_at, last.id]),
  }
}
