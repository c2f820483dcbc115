import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'
import { activeDataKey } from '../secrets/data-keys.ts'
import { open, type SealedPlace, seal } from '../secrets/sealing.ts'
import type { SecretRow } from './stored-secret.ts'

const placeOf = (workspaceId: string, id: string): SealedPlace => ({
  table: 'webhook_authorization',
  column: 'secret',
  workspaceId,
  id,
})

/** Seals what a receiver asks for in the place of what was there; null: nothing any more. */
export async function keepAuthorization(
  tx: Tx,
  { workspaceId }: Actor,
  webhookId: string,
  plain: string | null,
): Promise<void> {
  await tx.$executeRaw`DELETE FROM webhook_authorization
    WHERE workspace_id = ${workspaceId}::uuid AND webhook_id = ${webhookId}::uuid`
  if (plain === null) return
  const id = newId()
  const dataKey = await activeDataKey(tx, workspaceId)
  // Prisma takes bytes in a buffer of their own.
  const sealed = Uint8Array.from(seal(plain, dataKey, placeOf(workspaceId, id)))
  await tx.$executeRaw`INSERT INTO webhook_authorization (id, workspace_id, webhook_id, secret, key_id)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${webhookId}::uuid, ${sealed}, ${dataKey.id})`
}

/**
 * What a receiver asks for, in plain.
 * @throws unavailable when no INCIPIT_SECRET that is known here opens it
 */
export function openAuthorization(workspaceId: string, row: SecretRow): string {
  const { id, secret, key_id: keyId, wraps } = row
  return open({ sealed: secret, keyId, wraps }, placeOf(workspaceId, id))
}

/** That of the webhook whose workspace and id are the first two values. */
export const AUTHORIZATION = `SELECT s.id, s.secret, s.key_id, k.wraps FROM webhook_authorization s
  LEFT JOIN data_key k ON k.workspace_id = s.workspace_id AND k.id = s.data_key_id
  WHERE s.workspace_id = $1::uuid AND s.webhook_id = $2::uuid`
