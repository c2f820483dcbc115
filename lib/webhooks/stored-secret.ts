import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'
import { activeDataKey } from '../secrets/data-keys.ts'
import { open, type SealedPlace, seal, type Wrap } from '../secrets/sealing.ts'
import { newWebhookSecret } from './signature.ts'

const placeOf = (workspaceId: string, id: string): SealedPlace => ({
  table: 'webhook_secret',
  column: 'secret',
  workspaceId,
  id,
})

/** Makes the secret of today; another one must have ended before. @returns it in plain */
export async function makeSecret(tx: Tx, { workspaceId }: Actor, webhookId: string): Promise<string> {
  const secret = newWebhookSecret()
  const id = newId()
  const dataKey = await activeDataKey(tx, workspaceId)
  // Prisma takes bytes in a buffer of their own.
  const sealed = Uint8Array.from(seal(secret, dataKey, placeOf(workspaceId, id)))
  await tx.$executeRaw`INSERT INTO webhook_secret (id, workspace_id, webhook_id, secret, key_id)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${webhookId}::uuid, ${sealed}, ${dataKey.id})`
  return secret
}

/** A sealed secret as it is read. */
export interface SecretRow {
  id: string
  secret: Uint8Array
  key_id: string
  wraps: Wrap[] | null
}

/**
 * A secret in plain.
 * @throws unavailable when no INCIPIT_SECRET that is known here opens it
 */
export function openSecret(workspaceId: string, { id, secret, key_id: keyId, wraps }: SecretRow): string {
  return open({ sealed: secret, keyId, wraps }, placeOf(workspaceId, id))
}
