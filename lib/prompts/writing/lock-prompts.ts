import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import type { LockedPrompt } from './lock-prompt.ts'

/**
 * Locks the prompts of many names or aliases, archived ones too, for the rest of the transaction. Always
 * in the order of their ids: two such changes wait for each other and cannot block each other.
 * @returns the prompts by the names that were asked for; names that nothing has are absent
 */
export async function lockPrompts(
  tx: Tx,
  actor: Actor,
  names: readonly string[],
): Promise<Map<string, LockedPrompt>> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM prompt_template t
    WHERE t.workspace_id = ${actor.workspaceId}::uuid AND t.id IN (
      SELECT n.prompt_id FROM prompt_name n
      WHERE n.workspace_id = ${actor.workspaceId}::uuid AND n.name = ANY (${names}::text[]))
    ORDER BY t.id FOR NO KEY UPDATE OF t`
  // Read again under the locks: while waiting for them, a prompt may have changed or lost its name.
  const rows = await tx.$queryRaw<(LockedPrompt & { asked: string })[]>`
    SELECT n.name AS asked, t.id, t.name, t.category_id, c.slug AS category, t.tags,
      t.archived_at IS NOT NULL AS archived, t.revision, t.next_version - 1 AS latest_version
    FROM prompt_name n
    JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
    LEFT JOIN category c ON c.workspace_id = t.workspace_id AND c.id = t.category_id
    WHERE n.workspace_id = ${actor.workspaceId}::uuid AND n.name = ANY (${names}::text[])
      AND t.id = ANY (${locked.map(({ id }) => id)}::uuid[])`
  return new Map(rows.map(({ asked, ...prompt }) => [asked, prompt]))
}
