import { appError } from '../../errors.ts'
import type { AuthAnswer } from '../auth/endpoint.ts'
import type { AuthRequest } from '../auth/member.ts'
import { newPassword } from '../auth/people.ts'
import { findSession, openSession } from '../auth/sessions.ts'
import { assertOwnWays } from '../auth/sign-in.ts'
import { hashOf } from '../links.ts'
import type { AcceptInput, Invited, LookInput } from '../schema.ts'
import { followInvitation, join, type OpenInvitation } from './open-invitation.ts'

/**
 * What an invitation offers.
 * @throws not_found, rate_limited
 */
export async function lookAtInvitation(request: AuthRequest, { token }: LookInput): Promise<AuthAnswer> {
  const { email, role, workspace, invited_by, is_member } = await followInvitation(request, token)
  const body: Invited = { email, role, workspace, invited_by, has_account: is_member }
  return { body }
}

/**
 * Accepts an invitation, once, and signs in. Who has an account already signs in first: the link alone is no proof of
 * that account. Where single sign-on is the only way, the provider says who accepts (see `enter`).
 * @throws not_found, conflict (another account; a member already), forbidden (single sign-on alone), invalid_input, rate_limited
 */
export async function acceptInvitation(request: AuthRequest, input: AcceptInput): Promise<AuthAnswer> {
  const invitation = await followInvitation(request, input.token)
  const { role, workspace, email } = invitation
  const body = { role, workspace }
  if (invitation.is_member) {
    const session = await findSession(request)
    if (session?.personId !== invitation.person_id) throw signInFirst(invitation, session !== undefined)
    const { personId, name, emailVerified } = session
    await join(request, invitation, { personId, name, emailVerified, isMember: true }, async () => undefined)
    return { status: 201, body }
  }
  // A session without the provider would be a way around it.
  assertOwnWays()
  const { name, password } = withBoth(input)
  const passwordHash = await newPassword(password, { email, name })
  const emailVerified = invitation.mailed_hash?.equals(hashOf(input.token)) === true
  const cookie = await join(request, invitation, { name, passwordHash, emailVerified }, (context, member) =>
    openSession(context, member, request, { way: 'link', secondFactor: false }),
  )
  return { status: 201, body, cookie }
}

function signInFirst({ email }: OpenInvitation, isElse: boolean) {
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
