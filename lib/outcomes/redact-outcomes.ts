import type { Tx } from '../db/client.ts'

/**
 * Erases what was written about uses of a version, and of versions that include it: notes and metadata may repeat what
 * it said. What came of the uses stays. Part of the transaction that redacts the version.
 */
export async function redactOutcomes(
  tx: Tx,
  { workspaceId, id }: { workspaceId: string /** Of the version. */; id: string },
): Promise<void> {
  await tx.$executeRaw`UPDATE outcome o SET note = NULL, metadata = NULL
    FROM prompt_version v
    WHERE o.workspace_id = ${workspaceId}::uuid AND v.workspace_id = o.workspace_id
      AND v.prompt_id = o.prompt_id AND v.number = o.version_number
      AND (v.id = ${id}::uuid OR v.id IN (
        SELECT i.version_id FROM version_include i
        WHERE i.workspace_id = ${workspaceId}::uuid AND i.included_version_id = ${id}::uuid))`
}
