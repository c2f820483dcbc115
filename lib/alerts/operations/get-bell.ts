import type { Actor } from '../../access/actor.ts'
import { isoTime } from '../../db/columns.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMaySeeAlerts } from '../policy.ts'
import type { Bell } from '../schema.ts'
import { EVENT_COLUMNS, EVENT_JOINS, eventAnswer, type FoundEvent } from '../stored-event.ts'

const ITEMS = 20
/** A count beyond it says no more to anybody. */
const UNREAD_MAX = 100

/** What fires stands first, however old it is. */
const NEWEST = `SELECT ${EVENT_COLUMNS} FROM alert_event e ${EVENT_JOINS} WHERE e.workspace_id = $1::uuid AND e.id IN (
    (SELECT f.id FROM alert_event f WHERE f.workspace_id = $1::uuid AND f.resolved_at IS NULL
      ORDER BY f.fired_at DESC, f.id DESC LIMIT ${ITEMS})
    UNION ALL
    (SELECT n.id FROM alert_event n WHERE n.workspace_id = $1::uuid
      ORDER BY n.fired_at DESC, n.id DESC LIMIT ${ITEMS}))
  ORDER BY e.resolved_at IS NOT NULL, e.fired_at DESC, e.id DESC LIMIT ${ITEMS}`

/** Who has read nothing yet is told of the last week. */
const COUNTS = `WITH read AS (
    SELECT (SELECT read_at FROM alert_read WHERE workspace_id = $1::uuid AND actor_id = $2::uuid) AS at
  )
  SELECT ${isoTime('read.at')} AS read_at,
    (SELECT count(*)::integer FROM alert_event e WHERE e.workspace_id = $1::uuid AND e.resolved_at IS NULL
      AND e.acknowledged_at IS NULL) AS firing,
    (SELECT count(*)::integer FROM (SELECT FROM alert_event e WHERE e.workspace_id = $1::uuid
      AND e.recorded_at > coalesce(read.at, now() - interval '7 days') LIMIT ${UNREAD_MAX}) newer) AS unread,
    (SELECT ${isoTime('max(e.recorded_at)')} FROM alert_event e WHERE e.workspace_id = $1::uuid) AS newest_at
  FROM read`

/**
 * What the bell shows: how many alerts fire, how many the caller has not read, and the newest.
 * @throws forbidden, unavailable
 */
export const getBell = operation('getBell', run)

async function run(actor: Actor): Promise<Bell> {
  assertMaySeeAlerts(actor)
  return onPrimary(async ({ pool }) => {
    const [counts, newest] = await Promise.all([
      pool.query<Omit<Bell, 'items'>>({
        name: 'alerts.bell',
        text: COUNTS,
        values: [actor.workspaceId, actor.id],
      }),
      pool.query<FoundEvent>({ name: 'alerts.newest', text: NEWEST, values: [actor.workspaceId] }),
    ])
    const { firing = 0, unread = 0, read_at = null, newest_at = null } = counts.rows[0] ?? {}
    return { firing, unread, read_at, newest_at, items: newest.rows.map(eventAnswer) }
  })
}
