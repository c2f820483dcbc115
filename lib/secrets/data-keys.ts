import type { Tx } from '../db/client.ts'
import { appError } from '../errors.ts'
import { noteSecret } from './known-secret.ts'
import { type DataKey, makeDataKey, type Wrap } from './sealing.ts'

/**
 * The data key that seals in a workspace; the first call makes it. Its row is locked until the transaction ends:
 * a rotation waits for it, and finds what was sealed with it.
 * @throws unavailable
 */
export async function activeDataKey(tx: Tx, workspaceId: string): Promise<DataKey> {
  const found = await findActive(tx, workspaceId)
  if (found !== undefined) return found
  await noteSecret(tx)
  const { id, wraps } = makeDataKey(workspaceId)
  await tx.$executeRaw`INSERT INTO data_key (workspace_id, id, wraps)
    VALUES (${workspaceId}::uuid, ${id}::uuid, ${JSON.stringify(wraps)}::json)
    ON CONFLICT (workspace_id) WHERE retired_at IS NULL DO NOTHING`
  // Another request made one at the same time, or a rotation put one in the place of the one that was waited for.
  const made = await findActive(tx, workspaceId)
  if (made === undefined)
    throw appError('unavailable', 'The key that seals is being replaced. Try again shortly.', {
      retryAfter: 1,
    })
  return made
}

async function findActive(tx: Tx, workspaceId: string): Promise<DataKey | undefined> {
  const [row] = await tx.$queryRaw<{ id: string; wraps: Wrap[] }[]>`SELECT id, wraps FROM data_key
    WHERE workspace_id = ${workspaceId}::uuid AND retired_at IS NULL FOR SHARE`
  return row
}
