import type { Tx } from '../db/client.ts'
import { getRuntime } from '../runtime.ts'
import { linkTo, newLinkSecret } from './links.ts'
import type { ResetLink } from './schema.ts'

const MINUTE_MS = 60_000

/** Makes a link for a new password of a person; those that were not used in time go. */
export async function insertReset(tx: Tx, personId: string): Promise<ResetLink> {
  const { secret, hash } = newLinkSecret()
  const expires = new Date(Date.now() + getRuntime().config.security.reset_minutes * MINUTE_MS)
  await tx.$executeRaw`DELETE FROM person_reset WHERE person_id = ${personId}::uuid AND expires_at < now()`
  await tx.$executeRaw`INSERT INTO person_reset (token_hash, person_id, expires_at)
    VALUES (${hash}, ${personId}::uuid, ${expires})`
  return { url: linkTo('reset', secret), expires_at: expires.toISOString() }
}
