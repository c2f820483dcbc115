import type { Actor } from '../../access/actor.ts'
import { newestPage } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMaySeeAlerts } from '../policy.ts'
import type { AlertEvent, AlertEventPage, ListEventsQuery } from '../schema.ts'
import { EVENT_COLUMNS, EVENT_JOINS, eventAnswer, type FoundEvent } from '../stored-event.ts'

const timeOf = ({ fired_at }: AlertEvent) => fired_at

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
  const scope = { list: 'alert-events', filters: { state, rule } }
  return newestPage(scope, input, timeOf, async (after, most) => {
    const [time, id] = after ?? []
    const values = [actor.workspaceId, state, rule, time, id, most]
    const { rows } = await onPrimary(({ pool }) => pool.query<FoundEvent>(SELECT, values))
    return rows.map(eventAnswer)
  })
}
