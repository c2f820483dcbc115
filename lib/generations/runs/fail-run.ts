import { type KeptActor, restoreActor } from '../../access/kept-actor.ts'
import { readPrimary } from '../../db/read.ts'
import type { Reason } from '../attempt.ts'
import { isCallAlive } from '../signs-of-life.ts'
import type { Target } from '../streaming/read-progress.ts'
import { failGeneration } from './fail-generation.ts'

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
  const { rows } = await readPrimary(({ pool }) => pool.query<KeptActor>(ASKER, [workspaceId, id]))
  const [asker] = rows
  if (asker !== undefined) await failGeneration(restoreActor(workspaceId, asker), { id, reason, runId })
}
