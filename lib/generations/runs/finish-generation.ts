import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { errorOf, type Reason, readAttempts } from '../attempt.ts'
import { endUnattended } from '../generation-row.ts'
import { tellOfGenerations } from '../news.ts'
import { generationHub } from '../streaming/hub.ts'

/**
 * Saves that nobody has answered a generation: it fails with what its last attempt failed with. One that has
 * ended stays as it is, so doing it again changes nothing.
 * @param input `reason`: when no attempt has one; `runId`: the run that says so
 * @throws unavailable
 */
export async function finishGeneration(
  actor: Actor,
  { id, reason, runId }: { id: string; reason: Reason; runId?: string },
): Promise<void> {
  const target = { workspaceId: actor.workspaceId, id }
  await change(actor, async ({ tx }) => {
    const last = (await readAttempts(tx, target)).findLast(({ error_code }) => error_code !== null)
    const own = last === undefined ? null : errorOf(last)
    return endUnattended(tx, target, { status: 'failed', text: null, reason: own ?? reason }, runId)
  })
  generationHub().look(id)
  tellOfGenerations(actor.workspaceId)
}
