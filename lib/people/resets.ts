import type { Tx } from '../db/client.ts'
import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'
import { linkTo, newLinkSecret } from './links.ts'
import type { ResetLink } from './schema.ts'

const MINUTE_MS = 60_000

/**
 * Makes a link for a new password of a person.
 * @param madeBy the actor that makes it; null: the operator, or the person by a mail to their own address
 */
export async function insertReset(
  tx: Tx,
  personId: string,
  { madeBy }: { madeBy: string | null },
): Promise<ResetLink> {
  const { secret, hash } = newLinkSecret()
  const expires = new Date(Date.now() + getRuntime().config.security.reset_minutes * MINUTE_MS)
  await tx.$executeRaw`INSERT INTO person_reset (token_hash, person_id, expires_at, made_by)
    VALUES (${hash}, ${personId}::uuid, ${expires}, ${madeBy}::uuid)`
  return { url: linkTo('reset', secret), expires_at: expires.toISOString() }
}

/** Deletes links for a new password whose time is over; upkeep calls it. */
export async function deleteOldLinks(): Promise<void> {
  await onPrimary(({ pool }) => pool.query('DELETE FROM person_reset WHERE expires_at < now()'))
}
