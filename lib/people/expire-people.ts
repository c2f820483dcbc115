import type { Tx } from '../db/client.ts'
import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'

/** One statement takes no more than this: it must not hold up the changes of others. */
const AT_ONCE = 1000
/** Statements of one round. */
const PARTS = 20

const INVITATIONS = `DELETE FROM invitation WHERE (workspace_id, id) IN (
    SELECT workspace_id, id FROM invitation
    WHERE coalesce(ended_at, expires_at) < now() - make_interval(days => $1) LIMIT $2)`

/**
 * Deletes invitations that were over for \`security.ended_invitation_days\`, in every workspace, some in one round. The
 * audit log has only their ids from then on.
 * @returns whether there may be more
 * @throws unavailable
 */
export function expireInvitations(): Promise<boolean> {
  const days = getRuntime().config.security.ended_invitation_days
  return inParts(days, async () => {
    const { rowCount } = await onPrimary(({ pool }) => pool.query(INVITATIONS, [days, AT_ONCE]))
    return rowCount ?? 0
  })
}

/**
 * People who are members nowhere any more, for so long. Whoever joins anew holds their row until that is saved, and is
 * passed over.
 */
const FORMER = `SELECT p.id FROM person p WHERE strpos(p.email, '@') > 0
    AND NOT EXISTS (SELECT FROM member m WHERE m.person_id = p.id)
    AND (SELECT max(f.removed_at) FROM former_member f WHERE f.person_id = p.id) < now() - make_interval(days => $1::integer)
  LIMIT $2::integer FOR UPDATE SKIP LOCKED`

/**
 * Of them e-mail and ways to sign in go. The row stays, with the accounts at a provider: whoever was removed does not
 * come back by single sign-on as if they were new, and an owner can still erase the name. It looks again, now that
 * their rows are held: who has joined between the two statements is a member by now.
 */
const FORGET = `WITH gone AS (
    SELECT p.id FROM person p WHERE p.id = ANY ($1::uuid[])
      AND NOT EXISTS (SELECT FROM member m WHERE m.person_id = p.id)
  ), logins AS (DELETE FROM person_login l USING gone WHERE l.person_id = gone.id AND l.provider_id = 'credential'),
  passkeys AS (DELETE FROM person_passkey k USING gone WHERE k.person_id = gone.id),
  factors AS (DELETE FROM person_second_factor f USING gone WHERE f.person_id = gone.id)
  UPDATE person p SET email = 'forgotten-' || p.id, email_verified = false, two_factor_enabled = false, updated_at = now()
  FROM gone WHERE p.id = gone.id`

/**
 * Forgets e-mail, password, passkeys and second factor of people who were removed everywhere
 * \`security.removed_member_days\` ago, some in one round. What they did stays, under their name.
 * @returns whether there may be more
 * @throws unavailable
 */
export function forgetFormerMembers(): Promise<boolean> {
  const days = getRuntime().config.security.removed_member_days
  return inParts(days, () =>
    onPrimary(({ prisma }) =>
      prisma.$transaction(async (tx) => {
        const held = await tx.$queryRawUnsafe<{ id: string }[]>(FORMER, days, AT_ONCE)
        if (held.length > 0) await forgetPeople(tx, held)
        return held.length
      }),
    ),
  )
}

/** @param people whose rows the transaction holds; who is a member of anything is left alone */
export async function forgetPeople(tx: Tx, people: readonly { id: string }[]): Promise<void> {
  await tx.$executeRawUnsafe(
    FORGET,
    people.map(({ id }) => id),
  )
}

/** @param days 0: for ever @param part deletes some and says how many */
async function inParts(days: number, deletePart: () => Promise<number>): Promise<boolean> {
  if (days === 0) return false
  for (let part = 0; part < PARTS; part++) if ((await deletePart()) < AT_ONCE) return false
  return true
}
