import { createHash } from 'node:crypto'
import { type Actor, ALL_SCOPES, UNBOUND } from '../../access/actor.ts'
import { accessState, notSetUp } from '../../access/state.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { attemptPassword } from './attempts.ts'
import { setCookie } from './cookies.ts'
import type { AuthAnswer } from './endpoint.ts'
import {
  type AuthRequest,
  actorOfMember,
  findByEmail,
  findByPerson,
  type Member,
  plainEmail,
  targetOf,
} from './member.ts'
import { isPassword } from './passwords.ts'
import { actorOfSession, currentSession, findSession, openSession, type Proof } from './sessions.ts'
import { countRefusedSignIn } from './sign-in-metrics.ts'
import { beginStep, endStep, findStep } from './steps.ts'

/** The answer to whoever is now signed in. */
export function signedIn(member: Member, cookie: string): AuthAnswer {
  return { body: { redirect: false, user: userOf(member) }, cookie }
}

/** A person as the answers of this room have them. */
export function userOf({ personId, email, emailVerified, name, hasTotp }: Member) {
  return { id: personId, email, emailVerified, name, image: null, twoFactorEnabled: hasTotp }
}

/** @throws unauthenticated or conflict where nobody can sign in */
export async function assertAccounts(): Promise<void> {
  const state = await accessState()
  if (state === 'set_up') throw notSetUp()
  if (state !== 'accounts')
    throw appError('conflict', 'There are no accounts here yet, so nobody has to sign in.')
}

/** @throws forbidden where single sign-on is the only way */
export function assertOwnWays(): void {
  if (getRuntime().config.security.single_sign_on?.only === true)
    throw appError('forbidden', 'This server takes single sign-on alone.')
}

/**
 * Signs in by e-mail and password. An unknown e-mail, a wrong password and an account that was deactivated are
 * answered alike, and cost the same.
 * @throws unauthenticated, rate_limited, overloaded
 */
export async function signInWithPassword(
  request: AuthRequest,
  input: { email: string; password: string },
): Promise<AuthAnswer> {
  assertOwnWays()
  const email = plainEmail(input.email)
  const attempt = await attemptPassword(email, request.context.address)
  const member = await findByEmail(email)
  let isRight = false
  try {
    isRight = await isPassword(member?.password, input.password)
  } catch (error) {
    await attempt.forgive()
    throw error
  }
  if (member === undefined || !isRight) {
    await recordRefusal(request, member ?? email, 'password')
    throw appError('unauthenticated', 'The e-mail or the password is wrong.')
  }
  await attempt.forgive()
  if (member.hasTotp) {
    const cookie = await beginStep('factor', { personId: member.personId })
    return { body: { twoFactorRedirect: true, twoFactorMethods: ['totp'] }, cookie }
  }
  return signedIn(member, await signIn(member, request, { way: 'password', secondFactor: false }))
}

/** Opens a session for a member who proved who they are. @returns the Set-Cookie header */
async function signIn(member: Member, request: AuthRequest, proof: Proof): Promise<string> {
  return change(actorOfMember(member, request.context), (context) =>
    openSession(context, member, request, proof),
  )
}

/** The member whose password was right a moment ago, and the step to end. */
export async function memberOfStep(
  request: AuthRequest,
): Promise<{ member: Member; id: string } | undefined> {
  const step = await findStep('factor', request)
  const member = step && (await findByPerson(step.value.personId))
  return step === undefined || member === undefined ? undefined : { member, id: step.id }
}

/** The refusal when the password was given too long ago. */
export function stepLost(): Error {
  return appError('unauthenticated', 'Too much time went by since the password: sign in again.', {
    extra: { code_hint: 'invalid_two_factor_cookie' },
  })
}

/** Ends the step and opens the session in one, after `prove` took the second proof. */
export async function finishStep(
  { member, id }: { member: Member; id: string },
  request: AuthRequest,
  proof: Proof,
  prove: (context: Parameters<typeof openSession>[0]) => Promise<void>,
): Promise<AuthAnswer> {
  const cookie = await change(actorOfMember(member, request.context), async (context) => {
    if (!(await endStep(context.tx, id))) throw stepLost()
    await prove(context)
    return openSession(context, member, request, proof)
  })
  return signedIn(member, cookie)
}

/**
 * Puts a failed sign-in on record. Of an account that does not exist the first digits of a hash are kept: enough
 * to see that somebody tries one address again and again.
 */
export async function recordRefusal(
  request: AuthRequest,
  of: Member | string | undefined,
  way: Proof['way'],
): Promise<void> {
  countRefusedSignIn(way)
  const isKnown = typeof of === 'object'
  const actor = isKnown ? actorOfMember(of, request.context) : await appItself(request)
  const name = typeof of === 'string' ? `unknown ${emailHash(of)}` : 'unknown'
  const target = isKnown ? targetOf(of) : { kind: 'actor', id: actor.id, name }
  await change(actor, async ({ record }) => {
    record({ action: 'session.refuse', target, after: { way } })
  })
}

function emailHash(email: string): string {
  return createHash('sha256').update(email).digest('hex').slice(0, 12)
}

/** The app stands in for nobody: each row of the audit log has an actor. */
export async function appItself({ context }: AuthRequest): Promise<Actor> {
  // Kept, so that the refusal of an unknown e-mail takes no statement more than another.
  const held = getRuntime().once('people.app-itself', (): { row?: BuiltIn } => ({}))
  held.row ??= await findBuiltIn()
  const self = { id: held.row.id, kind: 'system', workspaceId: held.row.workspace_id, role: 'owner' } as const
  return { ...self, scopes: ALL_SCOPES, ...UNBOUND, request: context }
}

interface BuiltIn {
  id: string
  workspace_id: string
}

async function findBuiltIn(): Promise<BuiltIn> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<BuiltIn>(
      `SELECT a.id, a.workspace_id FROM actor a JOIN workspace w ON w.id = a.workspace_id
       WHERE w.slug = 'default' AND a.builtin = 'system'`,
    ),
  )
  if (rows[0] === undefined) throw appError('unavailable', 'The app is starting.', { retryAfter: 2 })
  return rows[0]
}

/** Ends the session of the request. Without one there is nothing to end. */
export async function signOut(request: AuthRequest): Promise<AuthAnswer> {
  const session = await findSession(request)
  if (session !== undefined) await endSession(request, session, session.id, 'session.end')
  return { body: { success: true }, cookie: setCookie('session', '', 0) }
}

async function endSession(
  request: AuthRequest,
  session: Awaited<ReturnType<typeof currentSession>>,
  id: string,
  action: 'session.end' | 'session.revoke',
): Promise<void> {
  await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    const { count } = await tx.personSession.deleteMany({ where: { id, person_id: session.personId } })
    if (count === 0) throw appError('not_found', 'You have no such session.')
    record({ action, target: targetOf(session), before: { session: id } })
  })
}

/** One's own sessions, the newest first. */
export async function listSessions(request: AuthRequest): Promise<AuthAnswer> {
  const session = await currentSession(request)
  const { session_idle_days, sessions } = getRuntime().config.security
  const since = new Date(Date.now() - session_idle_days * 86_400_000)
  const rows = await onPrimary(({ prisma }) =>
    prisma.personSession.findMany({
      where: { person_id: session.personId, expires_at: { gt: new Date() }, seen_at: { gt: since } },
      orderBy: [{ created_at: 'desc' }, { id: 'desc' }],
      take: sessions,
    }),
  )
  const body = rows.map((row) => ({
    id: row.id,
    // What /revoke-session takes: never the token itself.
    token: row.id,
    userId: row.person_id,
    createdAt: row.created_at,
    updatedAt: row.seen_at,
    expiresAt: row.expires_at,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    current: row.id === session.id,
  }))
  return { body }
}

/** Ends one of one's own sessions. @throws not_found */
export async function revokeSession(request: AuthRequest, input: { token: string }): Promise<AuthAnswer> {
  const session = await currentSession(request)
  await endSession(request, session, input.token, 'session.revoke')
  return { body: { status: true } }
}

/** Ends all of one's own sessions but this one. */
export async function revokeOtherSessions(request: AuthRequest): Promise<AuthAnswer> {
  const session = await currentSession(request)
  await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    const { count } = await tx.personSession.deleteMany({
      where: { person_id: session.personId, NOT: { id: session.id } },
    })
    if (count > 0)
      record({ action: 'session.revoke', target: targetOf(session), before: { sessions: count } })
  })
  return { body: { status: true } }
}

/** The session and its person; null for nobody. */
export async function getSession(request: AuthRequest): Promise<AuthAnswer> {
  const session = await findSession(request)
  if (session === undefined) return { body: null }
  const { id, personId, expiresAt, createdAt, seenAt } = session
  return {
    body: {
      session: { id, userId: personId, expiresAt, createdAt, updatedAt: seenAt },
      user: userOf(session),
    },
  }
}
