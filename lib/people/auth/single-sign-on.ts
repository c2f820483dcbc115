import { ROLES, type Role } from '../../access/rules.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { endInvitations } from '../members/end-access.ts'
import { isAdmin } from '../policy.ts'
import { attemptFrom } from './attempts.ts'
import type { AuthAnswer } from './endpoint.ts'
import { type AuthRequest, actorOfMember, findByLogin, type Member, plainEmail, targetOf } from './member.ts'
import { createMember, createPerson, endResets } from './people.ts'
import { proveFresh } from './proofs.ts'
import { findProvider, openid, singleSignOn } from './provider.ts'
import { actorOfSession, currentSession, findSession, openSession, type Proof } from './sessions.ts'
import { appItself, recordRefusal } from './sign-in.ts'
import { beginStep, type Steps, takeStep } from './steps.ts'

const CALLBACK = '/api/auth/oauth2/callback/sso'
const START = '/prompts'
const SIGN_IN = '/sign-in'

/** Why somebody who came back from the provider is not signed in; the sign-in page has words for each. */
type Refusal =
  | 'expired'
  | 'failed'
  | 'email_not_verified'
  | 'domain_not_allowed'
  | 'account_exists'
  | 'not_a_member'
  | 'taken'

/** Begins single sign-on. @returns the address at the provider */
export async function beginSingleSignOn(
  request: AuthRequest,
  input: { callbackURL?: string | undefined; errorCallbackURL?: string | undefined },
): Promise<AuthAnswer> {
  return begin(input, null, (await findSession(request)) !== undefined)
}

/** The same for a plain link: leads on to the provider. */
export async function followSingleSignOn(
  request: AuthRequest,
  input: { callbackURL?: string | undefined },
): Promise<AuthAnswer> {
  const { body, cookie } = await beginSingleSignOn(request, input)
  return { location: (body as { url: string }).url, ...(cookie !== undefined && { cookie }) }
}

/** Begins to connect an account at the provider with one's own. @throws forbidden (not fresh) */
export async function beginLink(
  request: AuthRequest,
  input: { callbackURL?: string | undefined; errorCallbackURL?: string | undefined },
): Promise<AuthAnswer> {
  const { personId } = await proveFresh(request, undefined)
  return begin({ errorCallbackURL: input.callbackURL, ...input }, personId, false)
}

async function begin(
  {
    callbackURL,
    errorCallbackURL,
  }: { callbackURL?: string | undefined; errorCallbackURL?: string | undefined },
  linkTo: string | null,
  isAgain: boolean,
): Promise<AuthAnswer> {
  const { configuration } = await findProvider()
  const client = await openid()
  const step: Steps['sso'] = {
    verifier: client.randomPKCECodeVerifier(),
    state: client.randomState(),
    nonce: client.randomNonce(),
    next: ownPath(callbackURL, START),
    failed: ownPath(errorCallbackURL, SIGN_IN),
    linkTo,
  }
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackUrl(),
    scope: 'openid email profile',
    code_challenge: await client.calculatePKCECodeChallenge(step.verifier),
    code_challenge_method: 'S256',
    state: step.state,
    nonce: step.nonce,
    // Who is signed in already comes to prove it anew.
    ...(isAgain && { prompt: 'login' }),
  })
  return { body: { url: url.href, redirect: true }, cookie: await beginStep('sso', step) }
}

/** Takes who comes back from the provider: signs them in, or leads to the sign-in page with the reason. */
export async function finishSingleSignOn(
  request: AuthRequest,
  query: Record<string, string>,
): Promise<AuthAnswer> {
  const step = await takeStep('sso', request)
  if (step === undefined) return refused(SIGN_IN, 'expired')
  // A refusal costs a request to the provider and a row in the audit log.
  const attempt = await attemptFrom(request.context.address)
  const claims = await readClaims(step, query)
  if (claims === undefined) {
    await recordRefusal(request, undefined, 'single_sign_on')
    return refused(step.failed, 'failed')
  }
  const done = step.linkTo === null ? await enter(request, claims) : await link(request, claims, step.linkTo)
  if (typeof done !== 'string') {
    await attempt.forgive()
    return { location: step.next, ...done }
  }
  await recordRefusal(request, undefined, 'single_sign_on')
  return refused(step.failed, done)
}

/** What the provider says of a person, checked. */
interface Claims {
  issuer: string
  subject: string
  email: string | undefined
  isVerified: boolean
  name: string
  role: Role | undefined
  /** When the person proved it there. */
  at: Date
}

async function readClaims(step: Steps['sso'], query: Record<string, string>): Promise<Claims | undefined> {
  const { authorizationCodeGrant, fetchUserInfo } = await openid()
  const url = new URL(callbackUrl())
  url.search = new URLSearchParams(query).toString()
  try {
    const { configuration, issuer } = await findProvider()
    const tokens = await authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: step.verifier,
      expectedState: step.state,
      expectedNonce: step.nonce,
      idTokenExpected: true,
    })
    const told = tokens.claims()
    if (told === undefined) return undefined
    const hasMore = told.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined
    const more = hasMore ? await fetchUserInfo(configuration, tokens.access_token, told.sub) : {}
    return claimsOf(issuer, { ...more, ...told })
  } catch (error) {
    getRuntime().log.warn({ err: error }, 'single sign-on failed')
    return undefined
  }
}

function claimsOf(issuer: string, told: Record<string, unknown> & { sub: string }): Claims {
  const email = typeof told.email === 'string' ? plainEmail(told.email) : undefined
  const name = typeof told.name === 'string' ? told.name.trim().slice(0, 100) : ''
  const at = typeof told.auth_time === 'number' ? Math.min(told.auth_time * 1000, Date.now()) : Date.now()
  return {
    issuer,
    subject: told.sub,
    email,
    isVerified: told.email_verified === true,
    name: name || (email?.split('@')[0] ?? 'Unnamed'),
    role: roleOf(told),
    at: new Date(at),
  }
}

/** The highest role that the claim names; undefined: roles are not the provider's matter. */
function roleOf(told: Record<string, unknown>): Role | undefined {
  const { role_claim, roles } = singleSignOn()
  if (role_claim === undefined) return undefined
  const values = [told[role_claim]].flat().filter((value) => typeof value === 'string')
  const ranks = values.map((value) =>
    ROLES.indexOf(Object.hasOwn(roles, value) ? (roles[value] ?? 'viewer') : 'viewer'),
  )
  return ROLES[Math.max(0, ...ranks)]
}

/** Signs in who is known, and takes in who is new and may come. */
async function enter(request: AuthRequest, claims: Claims): Promise<{ cookie: string } | Refusal> {
  const { issuer, subject } = claims
  const proof: Proof = { way: 'single_sign_on', secondFactor: true, at: claims.at }
  const member = await findByLogin(issuer, subject)
  if (member !== undefined) {
    const cookie = await change(actorOfMember(member, request.context), async (context) => {
      if (claims.role !== undefined) await takeRole(context, member, claims.role)
      return openSession(context, member, request, proof)
    })
    return { cookie }
  }
  const refusal = await refusalOfNew(claims)
  if (refusal !== undefined) return refusal
  return { cookie: await takeIn(request, claims, proof) }
}

async function refusalOfNew({ issuer, subject, email, isVerified }: Claims): Promise<Refusal | undefined> {
  const key = { provider_id: issuer, account_id: subject }
  const [logins, people] = await onPrimary(({ prisma }) =>
    Promise.all([
      prisma.personLogin.count({ where: key }),
      prisma.person.count({ where: { email: email ?? '' } }),
    ]),
  )
  if (logins > 0) return 'not_a_member'
  if (email === undefined || !isVerified) return 'email_not_verified'
  // An account that exists is the person's who has its password: they connect the two when they are signed in.
  if (people > 0) return 'account_exists'
  const domain = email.slice(email.lastIndexOf('@') + 1)
  const isAllowed = singleSignOn().allowed_domains.some((allowed) => allowed.toLowerCase() === domain)
  return isAllowed ? undefined : 'domain_not_allowed'
}

async function takeIn(request: AuthRequest, claims: Claims, proof: Proof): Promise<string> {
  const { workspaceId } = await appItself(request)
  const { email = '', name, role = 'viewer' } = claims
  const actorId = newId()
  const actor = actorOfMember({ actorId, workspaceId, role }, request.context)
  return change(actor, async (context) => {
    const { tx, record } = context
    const personId = await createPerson(tx, { email, name, emailVerified: true })
    await createMember(tx, { workspaceId, personId, name, role, actorId })
    await addLogin(tx, personId, claims)
    const member = { personId, actorId, name }
    record({ action: 'member.create', target: targetOf(member), after: { role, way: 'single_sign_on' } })
    return openSession(context, member, request, proof)
  })
}

function addLogin(tx: Tx, personId: string, { issuer, subject }: Claims): Promise<unknown> {
  const data = { id: newId(), person_id: personId, provider_id: issuer, account_id: subject }
  return tx.personLogin.create({ data })
}

/** Gives a member the role that the provider names. The last owner stays one. */
async function takeRole(context: ChangeContext, member: Member, role: Role): Promise<void> {
  if (role === member.role) return
  const { tx, record } = context
  const { workspaceId, actorId, personId } = member
  if (member.role === 'owner') {
    const others = await tx.$queryRaw<
      unknown[]
    >`SELECT actor_id FROM member WHERE workspace_id = ${workspaceId}::uuid
      AND role = 'owner' AND deactivated_at IS NULL AND actor_id <> ${actorId}::uuid FOR UPDATE`
    if (others.length === 0) return
  }
  await tx.member.update({
    where: { workspace_id_actor_id: { workspace_id: workspaceId, actor_id: actorId } },
    data: {
      role,
      // As where a member is changed: who manages members is limited to no categories.
      ...(isAdmin(role) && { all_categories: true, category_ids: [] }),
      revision: { increment: 1 },
      updated_at: new Date(),
    },
    select: { actor_id: true },
  })
  await endInvitations(context, workspaceId, { id: actorId }, role)
  await endResets(tx, personId)
  const [before, after] = [{ role: member.role }, { role, way: 'single_sign_on' }]
  record({ action: 'member.update', target: targetOf(member), before, after })
}

/** Connects an account at the provider with that of the person who asked for it and is still signed in. */
async function link(
  request: AuthRequest,
  claims: Claims,
  personId: string,
): Promise<Record<string, never> | Refusal> {
  const session = await findSession(request)
  if (session?.personId !== personId) return 'expired'
  const key = { provider_id: claims.issuer, account_id: claims.subject }
  return change(actorOfSession(session, request.context), async ({ tx, record }) => {
    const known = await tx.personLogin.findUnique({ where: { provider_id_account_id: key } })
    if (known !== null) return known.person_id === personId ? {} : 'taken'
    await addLogin(tx, personId, claims)
    record({ action: 'login.create', target: targetOf(session), after: { provider: claims.issuer } })
    return {}
  })
}

/** Separates one's accounts again. @throws forbidden (not fresh), conflict when no other way to sign in is left */
export async function unlink(request: AuthRequest): Promise<AuthAnswer> {
  const session = await proveFresh(request, undefined)
  const { issuer } = await findProvider()
  await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    const passkeys = await tx.personPasskey.count({ where: { person_id: session.personId } })
    if (session.password === null && passkeys === 0)
      throw appError('conflict', 'You could not sign in any more: set a password or add a passkey first.')
    const mine = { person_id: session.personId, provider_id: issuer }
    const { count } = await tx.personLogin.deleteMany({ where: mine })
    if (count > 0) record({ action: 'login.delete', target: targetOf(session), before: { provider: issuer } })
  })
  return { body: { status: true } }
}

/** One's accounts: that of the password, and those at the provider. */
export async function listLogins(request: AuthRequest): Promise<AuthAnswer> {
  const { personId } = await currentSession(request)
  const rows = await onPrimary(({ prisma }) =>
    prisma.personLogin.findMany({ where: { person_id: personId }, orderBy: { created_at: 'asc' } }),
  )
  const body = rows.map(({ id, provider_id, created_at }) => ({
    id,
    providerId: provider_id === 'credential' ? 'credential' : 'sso',
    createdAt: created_at,
  }))
  return { body }
}

function refused(page: string, reason: Refusal): AuthAnswer {
  const url = new URL(page, 'http://here.invalid')
  url.searchParams.set('error', reason)
  return { location: url.pathname + url.search + url.hash }
}

function callbackUrl(): string {
  return getRuntime().config.publicUrl + CALLBACK
}

/** A path of this server, as browsers read it; nothing leads to another one. */
function ownPath(asked: string | undefined, otherwise: string): string {
  if (asked?.startsWith('/') !== true || !URL.canParse(asked, 'http://here.invalid')) return otherwise
  const { origin, pathname, search, hash } = new URL(asked, 'http://here.invalid')
  return origin === 'http://here.invalid' && !pathname.startsWith('//') ? pathname + search + hash : otherwise
}
