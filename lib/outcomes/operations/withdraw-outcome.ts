import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { countReport } from '../outcome-metrics.ts'
import { assertMayReport } from '../policy.ts'
import { addToDays } from '../store/keep-outcome.ts'

/**
 * Takes back an outcome of one's own: it counts no more, and stays on record.
 * @throws not_found, also for one of somebody else or one that does not hold any more; forbidden, unavailable
 */
export const withdrawOutcome = operation('withdrawOutcome', run)

async function run(actor: Actor, { id }: { id: string }): Promise<void> {
  assertMayReport(actor)
  await change(actor, async ({ tx }) => {
    const changed = await tx.$executeRaw`UPDATE outcome SET replaced_at = clock_timestamp()
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid AND reported_by = ${actor.id}::uuid
        AND replaced_at IS NULL`
    if (changed === 0) throw appError('not_found', `You have reported no outcome ${id} that still holds.`)
    await addToDays(tx, actor.workspaceId, [id])
  })
  countReport('withdrawn')
}
