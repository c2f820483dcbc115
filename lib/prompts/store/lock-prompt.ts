import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { isArchived, noPrompt } from '../errors.ts'

/** A prompt as a change finds it. */
export interface LockedPrompt {
  id: string
  name: string
  category_id: string | null
  category: string | null
  tags: string[]
  archived: boolean
  revision: number
  latest_version: number
}

/**
 * Locks the prompt of a name or alias for the rest of the transaction, so that changes to one prompt
 * follow each other and each sees the one before. The lock leaves foreign keys on the prompt free: usage
 * is written on.
 * @throws not_found, also for an archived prompt unless `archived` is allowed
 */
export async function lockPrompt(
  tx: Tx,
  actor: Actor,
  name: string,
  { archived = false } = {},
): Promise<LockedPrompt> {
  // The name is read again under the lock: while waiting for it, the prompt may have lost the name.
  const [owner] = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM prompt_name n
    JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
    WHERE n.workspace_id = ${actor.workspaceId}::uuid AND n.name = ${name} FOR NO KEY UPDATE OF t`
  if (owner === undefined) throw noPrompt(name)
  const [prompt] = await tx.$queryRaw<LockedPrompt[]>`
    SELECT t.id, t.name, t.category_id, c.slug AS category, t.tags, t.archived_at IS NOT NULL AS archived,
      t.revision, t.next_version - 1 AS latest_version
    FROM prompt_name n
    JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
    LEFT JOIN category c ON c.workspace_id = t.workspace_id AND c.id = t.category_id
    WHERE n.workspace_id = ${actor.workspaceId}::uuid AND n.name = ${name} AND t.id = ${owner.id}::uuid`
  if (prompt === undefined) throw noPrompt(name)
  if (prompt.archived && !archived) throw isArchived(name)
  return prompt
}

/** Raises the number behind the ETag and says who changed the prompt. */
export async function touchPrompt(
  tx: Tx,
  actor: Actor,
  prompt: { id: string },
  data: {
    name?: string
    category_id?: string | null
    tags?: string[]
    archived_at?: Date | null
    next_version?: number
  } = {},
): Promise<{ revision: number }> {
  return tx.promptTemplate.update({
    where: { workspace_id_id: { workspace_id: actor.workspaceId, id: prompt.id } },
    data: { ...data, revision: { increment: 1 }, updated_by: actor.id, updated_at: new Date() },
    select: { revision: true },
  })
}

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
