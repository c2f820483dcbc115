import type { Role } from '../../access/rules.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { onPrimary } from '../../db/read.ts'
import { isAppError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { changeMember, withRole } from '../members/change-member.ts'
import { lockMember } from '../members/stored-member.ts'
import { findInvitationByHash, findInvitationOf, join, type OpenInvitation } from '../open/open-invitation.ts'
import { isAdmin } from '../policy.ts'
import { type AuthRequest, actorOfMember, findByLogin, type Member, targetOf } from './member.ts'
import { createMember, createPerson } from './people.ts'
import { singleSignOn } from './provider.ts'
import { openSession, type Proof } from './sessions.ts'
import { appItself } from './sign-in.ts'

/** What the provider says of a person, checked. */
export interface Claims {
  issuer: string
  subject: string
  email: string | undefined
  isVerified: boolean
  name: string
  /** undefined: roles are not the provider's matter. */
  role: Role | undefined
  /** When the person proved it there. */
  at: Date
}

/** Why somebody who came back from the provider is not signed in; the sign-in page has words for each. */
export type Refusal =
  | 'expired'
  | 'failed'
  | 'email_not_verified'
  | 'domain_not_allowed'
  | 'account_exists'
  | 'not_a_member'
  | 'taken'
  | 'invitation_over'
  | 'other_email'

/**
 * Signs in whom the provider has confirmed, and takes in who is new and may come: by an open invitation of the
 * e-mail, or by its domain.
 * @param link hash of the link of the invitation that the person came with
 */
export async function enter(
  request: AuthRequest,
  claims: Claims,
  link: string | null,
): Promise<{ cookie: string } | Refusal> {
  const done = await enterOnce(request, claims, link).catch((error: unknown) => {
    const isTaken = isAppError(error) && (error.code === 'conflict' || error.code === 'not_found')
    if (isTaken || isUniqueViolation(error)) return 'overtaken' as const
    throw error
  })
  if (typeof done !== 'string') return done
  // The person comes twice at once: what this time found half done, the other time has finished.
  const isOvertaken = done === 'overtaken' || (await findByLogin(claims.issuer, claims.subject)) !== undefined
  return isOvertaken ? enterOnce(request, claims, link) : done
}

async function enterOnce(
  request: AuthRequest,
  claims: Claims,
  link: string | null,
): Promise<{ cookie: string } | Refusal> {
  const member = await findByLogin(claims.issuer, claims.subject)
  const invitation = link === null ? undefined : await findInvitationByHash(Buffer.from(link, 'hex'))
  if (link !== null && invitation === undefined && member === undefined) return 'invitation_over'
  if (invitation !== undefined && !isOf(invitation, claims, member)) return 'other_email'
  if (member === undefined) return takeInNew(request, claims, invitation)
  if (invitation !== undefined) await joinToo(request, invitation, member)
  return { cookie: await signInKnown(request, claims, member) }
}

/** Nobody else accepts an invitation than whom it was for. */
function isOf({ email, person_id }: OpenInvitation, claims: Claims, member: Member | undefined): boolean {
  return (
    (claims.isVerified && claims.email === email) || (member !== undefined && member.personId === person_id)
  )
}

/** Somebody who signs in here already accepts an invitation of another workspace. */
async function joinToo(request: AuthRequest, invitation: OpenInvitation, member: Member): Promise<void> {
  if (invitation.workspace_id === member.workspaceId) return
  const { personId, name, emailVerified } = member
  const who = { personId, name, emailVerified, isMember: true, way: 'single_sign_on' } as const
  await join(request, invitation, who, async () => undefined)
}

function proofOf({ at }: Claims): Proof {
  return { way: 'single_sign_on', secondFactor: true, at }
}

function signInKnown(request: AuthRequest, claims: Claims, member: Member): Promise<string> {
  return change(actorOfMember(member, request.context), async (context) => {
    if (claims.role !== undefined) await takeRole(context, request, member, claims.role)
    return openSession(context, member, request, proofOf(claims))
  })
}

/** Gives a member the role that the provider names. The last owner stays one. */
async function takeRole(
  context: ChangeContext,
  request: AuthRequest,
  member: Member,
  role: Role,
): Promise<void> {
  if (role === member.role) return
  const actor = actorOfMember(member, request.context)
  const { member: before, isLastOwner } = await lockMember(context.tx, actor, actor.id)
  if (role === before.role || isLastOwner) return
  await changeMember(context, actor, { before, after: withRole(before, role), way: 'single_sign_on' })
}

/** The person that is connected with the account at the provider, who does not sign in now. */
interface KnownLogin {
  person_id: string
  /** It is a member that was deactivated: an admin decides when it comes back. */
  is_held: boolean
}

const LOGIN = `SELECT l.person_id, p.deactivated_at IS NOT NULL OR p.erased_at IS NOT NULL
    OR EXISTS (SELECT m.workspace_id FROM member m WHERE m.person_id = p.id) AS is_held
  FROM person_login l JOIN person p ON p.id = l.person_id WHERE l.provider_id = $1 AND l.account_id = $2`

async function takeInNew(
  request: AuthRequest,
  claims: Claims,
  linked: OpenInvitation | undefined,
): Promise<{ cookie: string } | Refusal> {
  const { issuer, subject, email, isVerified } = claims
  const { rows } = await onPrimary(({ pool }) => pool.query<KnownLogin>(LOGIN, [issuer, subject]))
  const [known] = rows
  if (known?.is_held === true) return 'not_a_member'
  if (email === undefined || !isVerified) return known === undefined ? 'email_not_verified' : 'not_a_member'
  const invitation = linked ?? (await findInvitationOf(email))
  if (invitation !== undefined)
    return takeInvited(request, { ...claims, email }, invitation, known?.person_id)
  if (known !== undefined) return 'not_a_member'
  // An account that exists is the person's who has its password: they connect the two when they are signed in.
  if ((await onPrimary(({ prisma }) => prisma.person.count({ where: { email } }))) > 0)
    return 'account_exists'
  const domain = email.slice(email.lastIndexOf('@') + 1)
  const isAllowed = singleSignOn().allowed_domains.some((allowed) => allowed.toLowerCase() === domain)
  return isAllowed ? { cookie: await takeIn(request, { ...claims, email }) } : 'domain_not_allowed'
}

/** Accepts the invitation of the e-mail. Where roles are the provider's matter, its role counts here as well. */
async function takeInvited(
  request: AuthRequest,
  claims: Claims & { email: string },
  invitation: OpenInvitation,
  personId: string | undefined,
): Promise<{ cookie: string } | Refusal> {
  const isElse = personId !== undefined && ![null, personId].includes(invitation.person_id)
  if (invitation.is_member || isElse) return 'account_exists'
  const role = claims.role ?? invitation.role
  const who = {
    name: claims.name,
    emailVerified: true,
    role,
    categories: isAdmin(role) ? null : invitation.categories,
    way: 'single_sign_on',
    ...(personId !== undefined && { personId }),
  } as const
  const cookie = await join(request, invitation, who, async (context, member) => {
    await addLogin(context.tx, member.personId, claims)
    return openSession(context, member, request, proofOf(claims))
  })
  return { cookie }
}

async function takeIn(request: AuthRequest, claims: Claims & { email: string }): Promise<string> {
  const { workspaceId } = await appItself(request)
  const { email, name, role = 'viewer' } = claims
  const actorId = newId()
  const actor = actorOfMember({ actorId, workspaceId, role }, request.context)
  return change(actor, async (context) => {
    const { tx, record } = context
    const personId = await createPerson(tx, { email, name, emailVerified: true })
    await createMember(tx, { workspaceId, personId, name, role, actorId })
    await addLogin(tx, personId, claims)
    const member = { personId, actorId, name }
    record({ action: 'member.create', target: targetOf(member), after: { role, way: 'single_sign_on' } })
    return openSession(context, member, request, proofOf(claims))
  })
}

/** Connects a person with their account at the provider. */
export function addLogin(
  tx: Tx,
  personId: string,
  { issuer, subject }: Pick<Claims, 'issuer' | 'subject'>,
): Promise<unknown> {
  const data = { id: newId(), person_id: personId, provider_id: issuer, account_id: subject }
  return tx.personLogin.create({ data })
}
