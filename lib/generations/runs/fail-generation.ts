import type { Actor } from '../../access/actor.ts'
import { type KeptActor, restoreActor } from '../../access/kept-actor.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { errorOf, type Reason, readAttempts } from '../store/attempt.ts'
import { endUnattended, tellOfGenerations } from '../store/generation-row.ts'
import { isCallAlive } from '../store/signs-of-life.ts'
import { generationHub } from '../streaming/hub.ts'
import type { Target } from '../streaming/read-progress.ts'

interface FailInput {
  id: string
  reason: Reason
  /** The run that says so; another run may have taken the generation. */
  runId?: string
}

/**
 * Ends a generation as failed, unless it has ended. Attempts that are open are ended, and what was set aside for
 * them is given back.
 * @throws unavailable
 */
export async function failGeneration(actor: Actor, { id, reason, runId }: FailInput): Promise<void> {
  const target = { workspaceId: actor.workspaceId, id }
  await change(actor, ({ tx }) => endUnattended(tx, target, { status: 'failed', text: null, reason }, runId))
  tellEnd(target)
}

/**
 * Saves that no configuration has answered a generation: it fails with the reason of its last attempt. One that
 * has ended stays as it is, so doing it again changes nothing.
 * @param input `reason` counts when no attempt has one
 * @throws unavailable
 */
export async function failUnanswered(actor: Actor, { id, reason, runId }: FailInput): Promise<void> {
  const target = { workspaceId: actor.workspaceId, id }
  await change(actor, async ({ tx }) => {
    const last = (await readAttempts(tx, target)).findLast(({ error_code }) => error_code !== null)
    const own = last === undefined ? null : errorOf(last)
    return endUnattended(tx, target, { status: 'failed', text: null, reason: own ?? reason }, runId)
  })
  tellEnd(target)
}

function tellEnd({ workspaceId, id }: Target): void {
  generationHub().look(id)
  tellOfGenerations(workspaceId)
}

const REQUESTER = `SELECT a.id, a.kind, g.surface, g.request_id AS "requestId", g.rights FROM generated_content g
  JOIN actor a ON a.workspace_id = g.workspace_id AND a.id = g.created_by
  WHERE g.workspace_id = $1 AND g.id = $2`

/**
 * Ends a generation whose run failed as a whole, on behalf of its requester. It leaves alone a generation that
 * has ended or is gone, that another run has taken, or that a process makes a call for.
 * @throws unavailable
 */
export async function failRun(
  { workspaceId, id, runId }: Target & { runId: string },
  reason: Reason,
): Promise<void> {
  if (await isCallAlive({ workspaceId, id })) return
  const { rows } = await onPrimary(({ pool }) => pool.query<KeptActor>(REQUESTER, [workspaceId, id]))
  const [requester] = rows
  if (requester !== undefined)
    await failGeneration(restoreActor(workspaceId, requester), { id, reason, runId })
}
