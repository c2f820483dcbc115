import type { Role } from '../../access/rules.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import type { AuthAnswer } from '../auth/endpoint.ts'
import { type AuthRequest, actorOfMember } from '../auth/member.ts'
import { createMember, createPerson, newPassword, setPassword } from '../auth/people.ts'
import { endSessions, findSession, startSession } from '../auth/sessions.ts'
import { assertOwnWays } from '../auth/sign-in.ts'
import { hashOf } from '../links.ts'
import { entryOf } from '../members/stored-member.ts'
import type { AcceptInput, Invited, LookInput } from '../schema.ts'
import { badLink, followLink } from './links.ts'

interface FoundInvitation {
  id: string
  workspace_id: string
  workspace: string
  email: string
  role: Role
  /** Ids; null: all. */
  categories: string[] | null
  invited_by: string
  invited_by_id: string
  /** The link came by mail: who brings it reads that mail. */
  by_mail: boolean
  /** The person of that e-mail, where there is one. */
  person_id: string | null
  person_name: string | null
  /** It is a member of some workspace, and signs in there. */
  is_member: boolean
}

const FIND = `SELECT i.id, i.workspace_id, w.slug AS workspace, i.email, i.role,
    CASE WHEN i.all_categories THEN NULL ELSE i.category_ids END AS categories,
    a.display AS invited_by, a.id AS invited_by_id, coalesce(i.mailed_hash = $1, false) AS by_mail,
    p.id AS person_id, p.name AS person_name,
    EXISTS (SELECT FROM member m WHERE m.person_id = p.id) AS is_member
  FROM invitation i JOIN workspace w ON w.id = i.workspace_id
    JOIN actor a ON a.workspace_id = i.workspace_id AND a.id = i.created_by
    LEFT JOIN person p ON p.email = i.email
  WHERE (i.shown_hash = $1 OR i.mailed_hash = $1) AND i.ended_at IS NULL AND i.expires_at > now()`

async function findInvitation(request: AuthRequest, token: string): Promise<FoundInvitation> {
  return followLink(request, async () => {
    const { rows } = await onPrimary(({ pool }) => pool.query<FoundInvitation>(FIND, [hashOf(token)]))
    return rows[0]
  })
}

/**
 * What an invitation offers.
 * @throws not_found, rate_limited
 */
export async function lookAtInvitation(request: AuthRequest, { token }: LookInput): Promise<AuthAnswer> {
  const { email, role, workspace, invited_by, is_member } = await findInvitation(request, token)
  const body: Invited = { email, role, workspace, invited_by, has_account: is_member }
  return { body }
}

/**
 * Accepts an invitation, once, and signs in. Who has an account already signs in first: the link alone is no proof of
 * that account.
 * @throws not_found, conflict (another account; a member already), forbidden (single sign-on alone), invalid_input, rate_limited
 */
export async function acceptInvitation(request: AuthRequest, input: AcceptInput): Promise<AuthAnswer> {
  const invitation = await findInvitation(request, input.token)
  const { role, workspace } = invitation
  const body = { role, workspace }
  if (invitation.is_member) {
    const session = await findSession(request)
    if (session?.personId !== invitation.person_id) throw signInFirst(invitation, session !== undefined)
    await join(request, invitation, { name: session.name })
    return { status: 201, body }
  }
  // A session without the provider would be a way around it.
  assertOwnWays()
  const { name, password } = withBoth(input)
  const passwordHash = await newPassword(password, { email: invitation.email, name })
  const personId = await join(request, invitation, { name, passwordHash })
  return { status: 201, body, cookie: await startSession(personId, request) }
}

function signInFirst({ email }: FoundInvitation, isElse: boolean) {
  const message = isElse
    ? `You are signed in as somebody else. Sign out, and sign in as ${email} to accept this invitation.`
    : `${email} has an account here. Sign in, and open this link again to accept the invitation.`
  return appError('conflict', message, { extra: { code_hint: 'sign_in_to_accept' } })
}

function withBoth({ name, password }: AcceptInput): { name: string; password: string } {
  if (name !== undefined && password !== undefined) return { name, password }
  const field = name === undefined ? 'name' : 'password'
  throw appError('invalid_input', `A ${field} is needed.`, {
    details: [{ path: [field], code: 'required', message: 'is missing' }],
  })
}

interface Joining {
  name: string
  /** Left out: the person has its ways to sign in. */
  passwordHash?: string
}

async function join(request: AuthRequest, invitation: FoundInvitation, who: Joining): Promise<string> {
  const { workspace_id: workspaceId, role, categories, invited_by_id: createdBy } = invitation
  const actorId = newId()
  const actor = actorOfMember({ actorId, workspaceId, role }, request.context)
  try {
    return await change(actor, async ({ tx, record }) => {
      const used = await tx.$executeRaw`UPDATE invitation SET ended_at = now()
        WHERE workspace_id = ${workspaceId}::uuid AND id = ${invitation.id}::uuid AND ended_at IS NULL
          AND expires_at > now()`
      if (used === 0) throw badLink()
      const personId = await personFor(tx, invitation, who)
      await createMember(tx, { workspaceId, actorId, personId, name: who.name, role, categories, createdBy })
      const after = { role, limited: categories !== null, invitation: invitation.id }
      record(entryOf('member.create', { id: actorId, name: who.name }, { after }))
      return personId
    })
  } catch (error) {
    throw isUniqueViolation(error) ? joinedMeanwhile() : error
  }
}

/** It may have become a member elsewhere since the link was looked up: then its password is nobody's to set. */
async function assertNoMember(tx: Tx, workspaceId: string, personId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM person WHERE id = ${personId}::uuid FOR UPDATE`
  const [member] = await tx.$queryRaw<object[]>`SELECT FROM member
    WHERE person_id = ${personId}::uuid AND workspace_id <> ${workspaceId}::uuid LIMIT 1`
  if (member !== undefined) throw joinedMeanwhile()
}

function joinedMeanwhile() {
  return appError('conflict', 'There is an account of this e-mail by now. Sign in, and open this link again.')
}

/** Whoever is a member nowhere begins anew: nothing but this invitation gives the account any right. */
async function personFor(tx: Tx, invitation: FoundInvitation, who: Joining): Promise<string> {
  const { email, by_mail: emailVerified, person_id: personId } = invitation
  if (personId === null) return createPerson(tx, { email, emailVerified, ...who })
  if (who.passwordHash !== undefined) {
    await assertNoMember(tx, invitation.workspace_id, personId)
    await endSessions(tx, personId)
    await setPassword(tx, personId, who.passwordHash)
    await tx.$executeRaw`UPDATE person SET name = ${who.name}, updated_at = now() WHERE id = ${personId}::uuid`
  }
  return personId
}
