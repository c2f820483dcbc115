import { ROLES, type Role } from '../../access/rules.ts'
import { change } from '../../db/change.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { hashOf } from '../links.ts'
import { followInvitation } from '../open/open-invitation.ts'
import { attemptFrom } from './attempts.ts'
import type { AuthAnswer } from './endpoint.ts'
import { addLogin, type Claims, enter, type Refusal } from './enter.ts'
import { type AuthRequest, plainEmail, targetOf } from './member.ts'
import { proveFresh } from './proofs.ts'
import { findProvider, openid, singleSignOn } from './provider.ts'
import { actorOfSession, currentSession, findSession } from './sessions.ts'
import { recordRefusal } from './sign-in.ts'
import { beginStep, type Steps, takeStep } from './steps.ts'

const CALLBACK = '/api/auth/oauth2/callback/sso'
const START = '/prompts'
const SIGN_IN = '/sign-in'

/** Where to go afterwards; paths of this server. */
interface Pages {
  callbackURL?: string | undefined
  errorCallbackURL?: string | undefined
}

/**
 * Begins single sign-on.
 * @param input invitation: the secret of the link that the person accepts by it
 * @returns the address at the provider
 * @throws not_found (the link), upstream_failed, rate_limited
 */
export async function beginSingleSignOn(
  request: AuthRequest,
  { invitation: token, ...pages }: Pages & { invitation?: string | undefined },
): Promise<AuthAnswer> {
  const isAgain = (await findSession(request)) !== undefined
  if (token === undefined) return begin(pages, { linkTo: null, isAgain })
  const { email } = await followInvitation(request, token)
  const invitation = { email, hash: hashOf(token).toString('hex') }
  return begin(pages, { linkTo: null, isAgain, invitation })
}

/** The same for a plain link: leads on to the provider. */
export async function followSingleSignOn(request: AuthRequest, input: Pages): Promise<AuthAnswer> {
  const { body, cookie } = await beginSingleSignOn(request, input)
  return { location: (body as { url: string }).url, ...(cookie !== undefined && { cookie }) }
}

/** Begins to connect an account at the provider with one's own. @throws forbidden (not fresh) */
export async function beginLink(request: AuthRequest, input: Pages): Promise<AuthAnswer> {
  const { personId } = await proveFresh(request, undefined)
  return begin({ errorCallbackURL: input.callbackURL, ...input }, { linkTo: personId, isAgain: false })
}

interface Why {
  /** The person whose account is to be connected. */
  linkTo: string | null
  /** Who is signed in already comes to prove it anew. */
  isAgain: boolean
  invitation?: { email: string; hash: string }
}

async function begin(
  { callbackURL, errorCallbackURL }: Pages,
  { linkTo, isAgain, invitation }: Why,
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
    invitation: invitation?.hash ?? null,
  }
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackUrl(),
    scope: 'openid email profile',
    code_challenge: await client.calculatePKCECodeChallenge(step.verifier),
    code_challenge_method: 'S256',
    state: step.state,
    nonce: step.nonce,
    ...(isAgain && { prompt: 'login' }),
    // The provider offers the account of that address.
    ...(invitation && { login_hint: invitation.email }),
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
  const attempt = await attemptFrom('single sign-on', request.context.address)
  const claims = await readClaims(step, query)
  if (claims === undefined) {
    await recordRefusal(request, undefined, 'single_sign_on')
    return refused(step.failed, 'failed')
  }
  const { linkTo, invitation } = step
  const done =
    linkTo === null ? await enter(request, claims, invitation) : await link(request, claims, linkTo)
  if (typeof done !== 'string') {
    await attempt.forgive()
    return { location: step.next, ...done }
  }
  await recordRefusal(request, undefined, 'single_sign_on')
  return refused(step.failed, done)
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
