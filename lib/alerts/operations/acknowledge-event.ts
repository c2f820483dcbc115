import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import type { AlertEvent } from '../schema.ts'
import { EVENT_COLUMNS, EVENT_JOINS, eventAnswer, type FoundEvent } from '../stored-event.ts'

const ONE = `SELECT ${EVENT_COLUMNS} FROM alert_event e ${EVENT_JOINS}
  WHERE e.workspace_id = $1::uuid AND e.id = $2::uuid`

/**
 * Says for everybody that somebody looks after what fired. Said twice, the first one stays.
 * @throws not_found, forbidden, unavailable
 */
export const acknowledgeEvent = operation('acknowledgeEvent', run)

async function run(actor: Actor, { id }: { id: string }): Promise<AlertEvent> {
  assertMayUseRules(actor)
  const event = await change(actor, async ({ tx, record }) => {
    const count =
      await tx.$executeRaw`UPDATE alert_event SET acknowledged_at = now(), acknowledged_by = ${actor.id}::uuid
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid AND acknowledged_at IS NULL`
    const [row] = await tx.$queryRawUnsafe<FoundEvent[]>(ONE, actor.workspaceId, id)
    if (row === undefined) throw appError('not_found', 'There is no such alert.')
    if (count > 0) record({ action: 'alert.acknowledge', target: { kind: 'alert', id, name: row.rule_name } })
    return eventAnswer(row)
  })
  newsPublisher().publish(actor.workspaceId, 'alerts')
  return event
}
