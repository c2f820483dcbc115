import type { Actor } from '../../access/actor.ts'
import { type KeptActor, restoreActor } from '../../access/kept-actor.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { errorOf, type Reason, readAttempts } from '../store/attempt.ts'
import { endUnattended, tellOfGenerations } from '../store/generation-row.ts'
import { isCallAlive } from '../store/signs-of-life.ts'
import { generationHub } from '../streaming/hub.ts'
import type { Target } from '../streaming/read-progress.ts'

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

const ASKER = `SELECT a.id, a.kind, g.surface, g.request_id AS "requestId", g.rights FROM generated_content g
  JOIN actor a ON a.workspace_id = g.workspace_id AND a.id = g.created_by
  WHERE g.workspace_id = $1 AND g.id = $2`

/**
 * Ends a generation whose run failed as a whole, on behalf of who asked for it; one that has ended, or is
 * gone, stays as it is, and so does one that another run has taken or that somebody makes a call for.
 * @throws unavailable
 */
export async function failRun(
  { workspaceId, id, runId }: Target & { runId: string },
  reason: Reason,
): Promise<void> {
  if (await isCallAlive({ workspaceId, id })) return
  const { rows } = await onPrimary(({ pool }) => pool.query<KeptActor>(ASKER, [workspaceId, id]))
  const [asker] = rows
  if (asker !== undefined) await failGeneration(restoreActor(workspaceId, asker), { id, reason, runId })
}
