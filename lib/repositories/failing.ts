import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'
import type { RepositoryKey } from './sealed-secrets.ts'

/**
 * Rings the bell for a repository whose prompts do not come in, once until they do.
 * @returns whether it rings now
 */
export async function ringFor(
  tx: Tx,
  { workspaceId, id }: RepositoryKey,
  { name, reason }: { name: string; reason: string },
): Promise<boolean> {
  const detail = JSON.stringify({ reason })
  const known = await tx.$executeRaw`UPDATE alert_event SET detail = ${detail}::json
    WHERE workspace_id = ${workspaceId}::uuid AND kind = 'repository_failed' AND subject = ${id} AND resolved_at IS NULL`
  if (known > 0) return false
  await tx.$executeRaw`INSERT INTO alert_event (id, workspace_id, rule_name, kind, window_start, subject, fired_at, detail,
      told_fired, told_resolved)
    VALUES (${newId()}::uuid, ${workspaceId}::uuid, ${name}, 'repository_failed', now(), ${id}, now(), ${detail}::json,
      true, true)`
  return true
}

/** It works, is off or gone. @returns whether the bell rang for it */
export async function stopRinging(tx: Tx, { workspaceId, id }: RepositoryKey): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE alert_event SET resolved_at = now()
    WHERE workspace_id = ${workspaceId}::uuid AND kind = 'repository_failed' AND subject = ${id} AND resolved_at IS NULL`
  return count > 0
}
