import type { Role } from '../../access/rules.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { type AuthRequest, actorOfMember, type Member } from '../auth/member.ts'
import { beginAnew, createMember, createPerson } from '../auth/people.ts'
import { hashOf } from '../links.ts'
import { mayStillGive } from '../members/maker.ts'
import { entryOf } from '../members/stored-member.ts'
import { badLink, followLink } from './links.ts'

/** An invitation that can be accepted, and the person of its e-mail. */
export interface OpenInvitation {
  id: string
  workspace_id: string
  workspace: string
  email: string
  role: Role
  /** Ids; null: all. */
  categories: string[] | null
  invited_by: string
  invited_by_id: string
  /** Of the link that went by mail: who brings it reads that mail. */
  mailed_hash: Buffer | null
  /** The person of that e-mail, where there is one. */
  person_id: string | null
  /** It is a member of some workspace, and signs in there. */
  is_member: boolean
}

const OPEN = `SELECT i.id, i.workspace_id, w.slug AS workspace, i.email, i.role,
    CASE WHEN i.all_categories THEN NULL ELSE i.category_ids END AS categories,
    a.display AS invited_by, a.id AS invited_by_id, i.mailed_hash, p.id AS person_id,
    EXISTS (SELECT FROM member m WHERE m.person_id = p.id) AS is_member
  FROM invitation i JOIN workspace w ON w.id = i.workspace_id
    JOIN actor a ON a.workspace_id = i.workspace_id AND a.id = i.created_by
    LEFT JOIN person p ON p.email = i.email
  WHERE i.ended_at IS NULL AND i.expires_at > now() AND p.deactivated_at IS NULL AND p.erased_at IS NULL`

/** The first of some open invitations whose maker may still give what it gives. */
async function findGood(where: string, value: unknown): Promise<OpenInvitation | undefined> {
  const text = `${OPEN} AND ${where} ORDER BY i.created_at, i.id`
  const { rows } = await onPrimary(({ pool }) => pool.query<OpenInvitation>(text, [value]))
  for (const invitation of rows) {
    const { invited_by_id, role } = invitation
    if (await onPrimary(({ prisma }) => mayStillGive(prisma, invited_by_id, role))) return invitation
  }
  return undefined
}

/** The invitation behind the hash of a link. */
export function findInvitationByHash(hash: Buffer): Promise<OpenInvitation | undefined> {
  return findGood('(i.shown_hash = $1 OR i.mailed_hash = $1)', hash)
}

/** The invitation of an e-mail; of several workspaces that of the first one. */
export function findInvitationOf(email: string): Promise<OpenInvitation | undefined> {
  return findGood('i.email = $1', email)
}

/** The invitation that a link leads to. @throws not_found, rate_limited */
export function followInvitation(request: AuthRequest, token: string): Promise<OpenInvitation> {
  return followLink('invitation', request, () => findInvitationByHash(hashOf(token)))
}

/** Somebody who accepts an invitation, and how. */
export interface Joining {
  name: string
  /** The e-mail was proved by the way that was taken. */
  emailVerified: boolean
  /** From `newPassword`. */
  passwordHash?: string
  /** A person who has proved who they are; left out: that of the e-mail, or a new one. */
  personId?: string
  /** The person is a member elsewhere and signs in already: nothing of it changes. */
  isMember?: boolean
  /** What decides over role and categories instead of the invitation. */
  role?: Role
  categories?: readonly string[] | null
  /** For the audit log, where it was not by the link alone. */
  way?: 'single_sign_on'
}

/**
 * Makes somebody the member that an invitation says, once.
 * @param also what belongs into the same change, such as to open the session
 * @throws not_found when it is over by now, conflict when the person became a member meanwhile
 */
export async function join<T>(
  request: AuthRequest,
  invitation: OpenInvitation,
  who: Joining,
  also: (context: ChangeContext, member: Pick<Member, 'personId' | 'actorId' | 'name'>) => Promise<T>,
): Promise<T> {
  const { workspace_id: workspaceId, invited_by_id: createdBy } = invitation
  const { name, role = invitation.role, categories = invitation.categories } = who
  const actorId = newId()
  const actor = actorOfMember({ actorId, workspaceId, role }, request.context)
  try {
    return await change(actor, async (context) => {
      const { tx, record } = context
      const used = await tx.$executeRaw`UPDATE invitation SET ended_at = now()
        WHERE workspace_id = ${workspaceId}::uuid AND id = ${invitation.id}::uuid AND ended_at IS NULL
          AND expires_at > now()`
      if (used === 0 || !(await mayStillGive(tx, createdBy, invitation.role))) throw badLink()
      const personId = await personWhoJoins(tx, invitation, who)
      await createMember(tx, { workspaceId, actorId, personId, name, role, categories, createdBy })
      const after = { role, limited: categories !== null, invitation: invitation.id }
      const way = who.way !== undefined && { way: who.way }
      record(entryOf('member.create', { id: actorId, name }, { after: { ...after, ...way } }))
      return also(context, { personId, actorId, name })
    })
  } catch (error) {
    throw isUniqueViolation(error) ? joinedMeanwhile() : error
  }
}

/** Whoever is a member nowhere begins anew: nothing but this invitation gives the account any right. */
async function personWhoJoins(tx: Tx, invitation: OpenInvitation, who: Joining): Promise<string> {
  const { email, workspace_id: workspaceId } = invitation
  const personId = who.personId ?? invitation.person_id
  if (personId === null) return createPerson(tx, { email, ...who })
  if (who.isMember === true) return personId
  // Nobody else's password is set, who became a member elsewhere since the invitation was looked up.
  if (!(await beginAnew(tx, workspaceId, { id: personId, email, ...who }))) throw joinedMeanwhile()
  return personId
}

/** The refusal of who got an account while the invitation was accepted. */
function joinedMeanwhile() {
  return appError('conflict', 'There is an account of this e-mail by now. Sign in, and open this link again.')
}
