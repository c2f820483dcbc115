import type { Tx } from '../db/client.ts'
import { openRow, type SecretRow, sealedRow } from '../secrets/sealed-row.ts'
import { newWebhookSecret } from '../webhooks/signature.ts'

/** What is sealed of a repository. */
export type SecretUse = 'hook' | 'authorization'

/** A sealed value as it is read. */
export type SealedRow = SecretRow & { use: SecretUse }

/** Where a repository is. */
export interface RepositoryKey {
  workspaceId: string
  id: string
}

/** Makes the secret that the git host signs with, in the place of the one before. @returns it in plain */
export async function makeHookSecret(tx: Tx, key: RepositoryKey): Promise<string> {
  const secret = newWebhookSecret()
  await keepSecret(tx, key, 'hook', secret)
  return secret
}

/** Seals a value of a repository in the place of the one before; null: there is none any more. */
export async function keepSecret(
  tx: Tx,
  { workspaceId, id: repositoryId }: RepositoryKey,
  use: SecretUse,
  plain: string | null,
): Promise<void> {
  await tx.$executeRaw`DELETE FROM repository_secret
    WHERE workspace_id = ${workspaceId}::uuid AND repository_id = ${repositoryId}::uuid AND use = ${use}`
  if (plain === null) return
  const { id, secret, key_id } = await sealedRow(tx, 'repository_secret', workspaceId, plain)
  await tx.$executeRaw`INSERT INTO repository_secret (id, workspace_id, repository_id, use, secret, key_id)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${repositoryId}::uuid, ${use}, ${secret}, ${key_id})`
}

/**
 * A value in plain; undefined: the repository has none.
 * @throws unavailable when no INCIPIT_SECRET that is known here opens it
 */
export function openSecretOf(
  workspaceId: string,
  rows: readonly SealedRow[],
  use: SecretUse,
): string | undefined {
  const row = rows.find((each) => each.use === use)
  return row && openRow('repository_secret', workspaceId, row)
}

/** What is sealed of the repository whose workspace and id are the first two values. */
export const SECRETS = `SELECT s.id, s.use, s.secret, s.key_id, k.wraps FROM repository_secret s
  LEFT JOIN data_key k ON k.workspace_id = s.workspace_id AND k.id = s.data_key_id
  WHERE s.workspace_id = $1::uuid AND s.repository_id = $2::uuid`

/** Nobody's: what is signed for a repository that is not there is compared with it. */
export const NOBODYS_SECRET = newWebhookSecret()
