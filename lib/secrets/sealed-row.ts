import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'
import { activeDataKey } from './data-keys.ts'
import { open, type SealedPlace, seal, type Wrap } from './sealing.ts'

/** A table whose rows each keep one value in their column `secret`. */
export type SecretTable = 'webhook_secret' | 'webhook_authorization' | 'repository_secret'

/** A sealed value as its row is read. */
export interface SecretRow {
  id: string
  secret: Uint8Array
  key_id: string
  wraps: Wrap[] | null
}

const placeOf = (table: SecretTable, workspaceId: string, id: string): SealedPlace => ({
  table,
  column: 'secret',
  workspaceId,
  id,
})

/**
 * Seals a value for a new row of a table.
 * @returns what the row holds
 * @throws unavailable when no INCIPIT_SECRET that is known here opens the data key
 */
export async function sealedRow(
  tx: Tx,
  table: SecretTable,
  workspaceId: string,
  plain: string,
): Promise<Omit<SecretRow, 'wraps'>> {
  const id = newId()
  const dataKey = await activeDataKey(tx, workspaceId)
  // Prisma takes bytes in a buffer of their own.
  const secret = Uint8Array.from(seal(plain, dataKey, placeOf(table, workspaceId, id)))
  return { id, secret, key_id: dataKey.id }
}

/**
 * The value of a row in plain.
 * @throws unavailable when no INCIPIT_SECRET that is known here opens it
 */
export function openRow(table: SecretTable, workspaceId: string, row: SecretRow): string {
  const { id, secret, key_id: keyId, wraps } = row
  return open({ sealed: secret, keyId, wraps }, placeOf(table, workspaceId, id))
}
