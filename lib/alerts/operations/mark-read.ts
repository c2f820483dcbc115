import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMaySeeAlerts } from '../policy.ts'
import type { MarkReadInput } from '../schema.ts'

/**
 * Notes for the caller alone up to when it has read what fired. An earlier moment than before changes nothing.
 * @throws forbidden, unavailable
 */
export const markRead = operation('markRead', run)

async function run(actor: Actor, { until }: MarkReadInput): Promise<void> {
  assertMaySeeAlerts(actor)
  await change(actor, async ({ tx }) => {
    await tx.$executeRaw`INSERT INTO alert_read (workspace_id, actor_id, read_at)
      VALUES (${actor.workspaceId}::uuid, ${actor.id}::uuid, least(${new Date(until)}::timestamptz, now()))
      ON CONFLICT (workspace_id, actor_id) DO UPDATE SET read_at = greatest(alert_read.read_at, excluded.read_at)`
  })
}
