import type { Tx } from '../db/client.ts'
import { PRODUCTION } from '../prompts/name.ts'

/**
 * Those of the labels that only who may release moves. Of the transaction: nobody changes what is protected while it
 * goes on and finds it done when it has ended.
 */
export async function protectedAmong(
  tx: Tx,
  workspaceId: string,
  labels: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ label: string }[]>`
    SELECT label FROM label_rule
    WHERE workspace_id = ${workspaceId}::uuid AND protected AND label = ANY (${labels}::text[])`
  const found = new Set(rows.map(({ label }) => label))
  if (labels.includes(PRODUCTION)) found.add(PRODUCTION)
  return found
}

/** Those of the labels whose moves are refused where they would break callers. */
export async function contractsAmong(
  tx: Tx,
  workspaceId: string,
  labels: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ label: string }[]>`
    SELECT label FROM label_rule
    WHERE workspace_id = ${workspaceId}::uuid AND contract = 'required' AND label = ANY (${labels}::text[])`
  return new Set(rows.map(({ label }) => label))
}
