import type { Tx } from '../../db/client.ts'

export interface RedactedVersion {
  workspaceId: string
  promptId: string
  version: number
  /** Of the version. */
  id: string
}

/**
 * Erases what was sent and answered in all generations of a version, and of versions that include it: values,
 * messages, texts, what providers said of failures, and stored answers to Idempotency-Keys. Those that have not ended are stopped. Their figures
 * stay, with the time of the redaction. Part of the transaction that redacts the version.
 * @returns how many
 */
export async function redactGenerations(tx: Tx, version: RedactedVersion): Promise<number> {
  const { workspaceId, promptId, version: number, id } = version
  const [row] = await tx.$queryRaw<{ erased: number }[]>`
    WITH made AS MATERIALIZED (
      SELECT ${promptId}::uuid AS prompt_id, ${number}::integer AS number
      UNION SELECT v.prompt_id, v.number FROM version_include i
      JOIN prompt_version v ON v.workspace_id = i.workspace_id AND v.id = i.version_id
      WHERE i.workspace_id = ${workspaceId}::uuid AND i.included_version_id = ${id}::uuid
    ), erased AS (
      UPDATE generated_content g SET redacted_at = now(), variables = '{}', messages = '[]', config = NULL, draft = NULL, text = NULL,
        error_message = NULL, cancel_requested_at = CASE WHEN g.finished_at IS NULL
          THEN coalesce(g.cancel_requested_at, now()) ELSE g.cancel_requested_at END
      FROM made
      WHERE g.workspace_id = ${workspaceId}::uuid AND g.prompt_id = made.prompt_id AND g.version_number = made.number
      RETURNING g.id
    ), pieces AS (
      DELETE FROM generation_chunk c USING erased WHERE c.workspace_id = ${workspaceId}::uuid AND c.generation_id = erased.id
    ), answers AS (
      DELETE FROM idempotency_key k USING erased
      WHERE k.workspace_id = ${workspaceId}::uuid AND k.answer ->> 'id' = erased.id::text
    ), attempts AS (
      UPDATE generation_attempt a SET error_message = NULL FROM erased
      WHERE a.workspace_id = ${workspaceId}::uuid AND a.generation_id = erased.id
    )
    SELECT count(*)::integer AS erased FROM erased`
  return row?.erased ?? 0
}
