import type { Actor } from '../access/actor.ts'
import { isLocalMode } from '../access/listen-guard.ts'
import { STATE_KIND } from '../access/state.ts'
import { change } from '../db/change.ts'
import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'
import { changeMember, withRole } from './members/change-member.ts'
import { renewAccess } from './members/end-access.ts'
import { entryOf, lockMember } from './members/stored-member.ts'
import { insertReset } from './resets.ts'
import type { ResetLink } from './schema.ts'

/*
 * What the operator of a server does at its command line. Whoever reads and writes the database could do it anyway;
 * here it is put on record, as done by the app itself, and running instances hear of it.
 */

export interface ListedPerson {
  email: string
  name: string
  role: string | null
  deactivated: boolean
  second_factor: boolean
  last_seen_at: Date | null
}

const LIST = `SELECT p.email, p.name, m.role, m.deactivated_at IS NOT NULL OR p.deactivated_at IS NOT NULL AS deactivated,
    p.two_factor_enabled AS second_factor,
    (SELECT max(s.seen_at) FROM person_session s WHERE s.person_id = p.id) AS last_seen_at
  FROM person p LEFT JOIN member m ON m.person_id = p.id AND m.workspace_id = $1 ORDER BY p.email`

/** Everybody who has an account, by e-mail. */
export async function listPeople({ workspaceId }: Actor): Promise<ListedPerson[]> {
  const { rows } = await onPrimary(({ pool }) => pool.query<ListedPerson>(LIST, [workspaceId]))
  return rows
}

/** A link for a new password of anybody, the last owner included. @throws Error when there is no such member */
export async function resetByOperator(actor: Actor, email: string): Promise<ResetLink> {
  const id = await memberOf(actor, email)
  return change(actor, async ({ tx, record }) => {
    const { member } = await lockMember(tx, actor, id)
    const link = await insertReset(tx, member.person_id, { madeBy: null })
    record(entryOf('reset.create', member, { after: { expires_at: link.expires_at } }))
    return link
  })
}

/** Makes a member an owner, where no owner can sign in any more. @throws Error when there is no such member */
export async function makeOwner(actor: Actor, email: string): Promise<void> {
  const id = await memberOf(actor, email)
  await change(actor, async (context) => {
    const { member: before } = await lockMember(context.tx, actor, id)
    await changeMember(context, actor, {
      before,
      after: { ...withRole(before, 'owner'), deactivated: false },
    })
  })
}

/**
 * Takes authenticator app, recovery codes and passkeys away from somebody who has lost them.
 * @throws Error when there is no such member
 */
export async function forgetFactors(actor: Actor, email: string): Promise<void> {
  const id = await memberOf(actor, email)
  await change(actor, async (context) => {
    const { tx, record } = context
    const { member } = await lockMember(tx, actor, id)
    await tx.personSecondFactor.deleteMany({ where: { person_id: member.person_id } })
    await tx.personPasskey.deleteMany({ where: { person_id: member.person_id } })
    await tx.person.update({
      where: { id: member.person_id },
      data: { two_factor_enabled: false, updated_at: new Date() },
      select: { id: true },
    })
    await renewAccess(context, member)
    record(entryOf('factor.forget', member))
  })
}

async function memberOf({ workspaceId }: Actor, email: string): Promise<string> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ id: string }>(
      `SELECT m.actor_id AS id FROM member m JOIN person p ON p.id = m.person_id
       WHERE m.workspace_id = $1 AND p.email = lower($2)`,
      [workspaceId, email.trim()],
    ),
  )
  if (rows[0] === undefined) throw new Error(`There is no member with the e-mail ${email}.`)
  return rows[0].id
}

/**
 * Switches accounts off, which leads back to local mode: sessions end, keys and tokens are not looked at, and all of it
 * stays for the day on which accounts are switched on again.
 * @throws Error where others than this machine can come, and where there are no accounts
 */
export async function switchAccounts(actor: Actor, to: 'on' | 'off'): Promise<boolean> {
  if (to === 'off' && !isLocalMode(getRuntime().config))
    throw new Error(
      'Accounts can be switched off where only this machine can come: HOST on loopback, and neither INCIPIT_URL, security.allowed_hosts nor security.allow_open for others. Everybody else could read and change everything.',
    )
  return change(actor, async ({ tx, record }) => {
    const off = to === 'off'
    const switched = await tx.$executeRaw`UPDATE access_state
      SET accounts_off_at = CASE WHEN ${off} THEN now() END
      WHERE id AND first_owner_at IS NOT NULL AND (accounts_off_at IS NULL) = ${off}`
    if (switched === 0) return false
    if (off) await tx.$executeRaw`DELETE FROM person_session`
    record({
      action: `access.accounts_${to}`,
      target: { kind: STATE_KIND, id: actor.workspaceId, name: 'accounts' },
    })
    // Streams that are open look up anew whether they may be.
    record(entryOf(`access.accounts_${to}`, { id: actor.id, name: '' }))
    return true
  })
}
