import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { openRow, type SecretRow, sealedRow } from '../secrets/sealed-row.ts'
import { newWebhookSecret } from './signature.ts'

/** Makes the secret of today; another one must have ended before. @returns it in plain */
export async function makeSecret(tx: Tx, { workspaceId }: Actor, webhookId: string): Promise<string> {
  const plain = newWebhookSecret()
  const { id, secret, key_id } = await sealedRow(tx, 'webhook_secret', workspaceId, plain)
  await tx.$executeRaw`INSERT INTO webhook_secret (id, workspace_id, webhook_id, secret, key_id)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${webhookId}::uuid, ${secret}, ${key_id})`
  return plain
}

/** A secret in plain. @throws unavailable */
export function openSecret(workspaceId: string, row: SecretRow): string {
  return openRow('webhook_secret', workspaceId, row)
}

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
  const { id, secret, key_id } = await sealedRow(tx, 'webhook_authorization', workspaceId, plain)
  await tx.$executeRaw`INSERT INTO webhook_authorization (id, workspace_id, webhook_id, secret, key_id)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${webhookId}::uuid, ${secret}, ${key_id})`
}

/** What a receiver asks for, in plain. @throws unavailable */
export function openAuthorization(workspaceId: string, row: SecretRow): string {
  return openRow('webhook_authorization', workspaceId, row)
}

/** That of the webhook whose workspace and id are the first two values. */
export const AUTHORIZATION = `SELECT s.id, s.secret, s.key_id, k.wraps FROM webhook_authorization s
  LEFT JOIN data_key k ON k.workspace_id = s.workspace_id AND k.id = s.data_key_id
  WHERE s.workspace_id = $1::uuid AND s.webhook_id = $2::uuid`
