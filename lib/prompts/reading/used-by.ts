import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'

/**
 * Refuses to archive what the newest version of another prompt includes.
 * @throws conflict naming (the first of) those prompts
 */
export async function assertNotIncluded(
  tx: Tx,
  actor: Actor,
  prompt: { id: string; name: string },
): Promise<void> {
  const users = await tx.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT t.name FROM version_include i
    JOIN prompt_version v ON v.workspace_id = i.workspace_id AND v.id = i.version_id
    JOIN prompt_template t ON t.workspace_id = v.workspace_id AND t.id = v.prompt_id
      AND v.number = t.next_version - 1
    WHERE i.workspace_id = ${actor.workspaceId}::uuid AND i.included_prompt_id = ${prompt.id}::uuid
      AND i.depth = 1 AND t.id <> ${prompt.id}::uuid AND t.archived_at IS NULL
    ORDER BY t.name LIMIT 20`
  if (users.length === 0) return
  const names = users.map((user) => user.name)
  throw appError(
    'conflict',
    `"${prompt.name}" cannot be archived: it is included by ${names.map((name) => `"${name}"`).join(', ')}.`,
    { extra: { used_by: names } },
  )
}
