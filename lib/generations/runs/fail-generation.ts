import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import type { Reason } from '../attempt.ts'
import { endUnattended } from '../generation-row.ts'
import { tellOfGenerations } from '../news.ts'
import { generationHub } from '../streaming/hub.ts'

/**
 * Ends a generation as failed, unless it has ended: nobody works on it any more. Attempts that are open are
 * ended and what was set aside for them is given back.
 * @throws unavailable
 */
export async function failGeneration(
  actor: Actor,
  { id, reason, runId }: { id: string; reason: Reason; runId?: string },
): Promise<void> {
  const target = { workspaceId: actor.workspaceId, id }
  await change(actor, ({ tx }) => endUnattended(tx, target, { status: 'failed', text: null, reason }, runId))
  generationHub().look(id)
  tellOfGenerations(actor.workspaceId)
}
