import { countRefusedCredential } from '../access/access-metrics.ts'
import type { Identity } from '../access/actor.ts'
import { checkHost, checkToolHost } from '../access/host-guard.ts'
import { identify, NOBODY, PAGES_TAKE, REST_TAKES } from '../access/identify.ts'
import { limitFor } from '../access/limits.ts'
import { isWithin, type Network, senderOf } from '../access/networks.ts'
import { isOpenPath } from '../access/open-paths.ts'
import { checkCookieUse, checkOrigin, type FetchMetadata } from '../access/origin-guard.ts'
import { sessionCookie, type Takes } from '../access/read-credential.ts'
import { assertMay } from '../access/rights.ts'
import type { Scope } from '../access/rules.ts'
import { type AccessState, accessState, isAlone, knownAccessState, notSetUp } from '../access/state.ts'
import { appError, isAppError } from '../errors.ts'
import { readTrace } from '../id.ts'
import type { AdmittedRequest, HttpRequest } from './message.ts'

interface Admission {
  /** A page elsewhere may link here. */
  readonly mayNavigate: boolean
  readonly takes: Takes
}

/**
 * Admits a request after checks of its host, its origin, its requester and its rate. It comes before any body. What is
 * open to everybody is read by nobody in particular.
 * @throws forbidden, unauthenticated, invalid_input, unavailable, rate_limited
 */
export async function admit(request: HttpRequest, admission: Admission): Promise<AdmittedRequest> {
  checkWay(request, admission)
  const { record } = request
  record.trace = readTrace(request.header('traceparent'))
  const state = knownAccessState() ?? (await accessState())
  if (state === 'accounts' && isOpenPath(request.path, state)) {
    limitUnknown(request)
    record.identity = NOBODY
  } else {
    const identity = await recognize(request, state, admission)
    limitFor('caller', identity.id).take()
    record.identity = identity
  }
  // Only these lines make an admitted request: its identity was set above.
  return request as AdmittedRequest
}

/** Admits the reader of a page. @throws as `admit` */
export async function admitReader(request: HttpRequest): Promise<void> {
  const state = knownAccessState() ?? (await accessState())
  const isGuarded = state === 'accounts' || state === 'set_up'
  if (isGuarded && isOpenPath(request.path, state)) return limitUnknown(request)
  const { id } = await recognize(request, state, { mayNavigate: true, takes: PAGES_TAKE })
  limitFor('caller', id).take()
}

/** Admits whoever asks for an address of the interfaces at which there is nothing. @throws as `admit` */
export async function admitStray(request: HttpRequest): Promise<void> {
  const state = knownAccessState() ?? (await accessState())
  await recognize(request, state, { mayNavigate: true, takes: REST_TAKES })
}

/**
 * Admits a request to what is open to everybody, such as a way to sign in.
 * @param options known: the id of who is signed in, whom a flood of others from the same address does not lock out
 * @throws forbidden, unauthenticated before there is an owner, unavailable, rate_limited
 */
export function admitUnknown(
  request: HttpRequest,
  { mayNavigate, known }: Pick<Admission, 'mayNavigate'> & { known?: string | undefined },
): void {
  checkWay(request, { mayNavigate })
  const state = knownAccessState()
  if (state === undefined) throw appError('unavailable', 'The app is starting.', { retryAfter: 2 })
  checkNearness(request, state)
  if (known === undefined) limitUnknown(request)
  else limitFor('caller', known).take()
  if (state === 'set_up' && !isOpenPath(request.path, state)) throw notSetUp()
  if (hasCookie(request)) checkCookie(request, mayNavigate)
}

/** Admits a request whose sender signs its body; the signature is checked with the body. @throws forbidden */
export function admitSigned(request: HttpRequest): void {
  checkWay(request, { mayNavigate: false })
}

/**
 * Admits a monitor, which asks an instance by its address or by the name of a service.
 * @param toolsOnly no page may ask under a name that is not ours
 * @throws forbidden
 */
export function admitMonitor(request: HttpRequest, toolsOnly: boolean): void {
  checkOrigin(fetchMetadata(request), { mayNavigate: true })
  if (toolsOnly) checkToolHost((name) => request.header(name))
}

/**
 * Admits whoever asks a probe for the state of the installation. Until there are accounts everybody at this machine may.
 * @throws as `admitWatcher`
 */
export async function admitInspector(request: HttpRequest): Promise<void> {
  admitMonitor(request, true)
  checkNearness(request, knownAccessState())
  if (!isAlone()) await admitWatcher(request, 'settings:write', [])
}

/**
 * Admits a program that watches over this instance, where it is not open to everybody that there are accounts.
 * @param from addresses that need no credential
 * @throws forbidden, unauthenticated, invalid_input, unavailable, rate_limited
 */
export async function admitWatcher(
  request: HttpRequest,
  scope: Scope,
  from: readonly Network[],
): Promise<void> {
  const state = knownAccessState() ?? (await accessState())
  if (state === 'accounts' && isWithin(request.address, from)) return
  const identity = await recognize(request, state, { mayNavigate: false, takes: REST_TAKES })
  request.record.identity = identity
  assertMay(identity, scope)
}

/** The requester of what is not open to everybody. @throws as `admit` */
async function recognize(
  request: HttpRequest,
  state: AccessState,
  { takes, mayNavigate }: Admission,
): Promise<Identity> {
  checkNearness(request, state)
  let identity: Identity
  try {
    identity = await identify(request, takes)
  } catch (error) {
    countRefusal(error, request)
    throw error
  }
  if (identity.credential.kind === 'session') checkCookie(request, mayNavigate && takes === PAGES_TAKE)
  return identity
}

/** Checks under which name a request came, and from which page. @throws forbidden */
export function checkWay(request: HttpRequest, { mayNavigate }: Pick<Admission, 'mayNavigate'>): void {
  checkHost(request.header('host'))
  checkOrigin(fetchMetadata(request), { mayNavigate })
}

/** Without accounts only this machine is served. What came through a proxy may be from anywhere. @throws forbidden */
export function checkNearness({ isForwarded }: HttpRequest, state: AccessState | undefined): void {
  if (state !== 'local' || isForwarded !== true) return
  throw appError(
    'forbidden',
    'This request came through a proxy (Forwarded, X-Forwarded-… or Via), and without accounts Incipit serves its own machine alone. Create the owner account on that machine first, at /set-up; then set INCIPIT_URL and security.trusted_proxies.',
  )
}

/** Counts a refusal for want of a valid credential. @throws rate_limited instead of it */
function countRefusal(error: unknown, request: HttpRequest): void {
  if (!isAppError(error) || error.code !== 'unauthenticated') return
  const { credential } = error.extra
  countRefusedCredential(credential)
  // A page whose session has ended goes on asking for a while: that is no guessing.
  if (credential === 'key' || credential === 'token')
    limitFor('wrong_credentials', senderOf(request.address)).take()
  limitUnknown(request)
}

function limitUnknown(request: HttpRequest): void {
  limitFor('unknown', senderOf(request.address)).take()
}

function hasCookie(request: HttpRequest): boolean {
  return request.header('cookie')?.includes(`${sessionCookie()}=`) === true
}

function checkCookie(request: HttpRequest, mayNavigate: boolean): void {
  const isChange = request.method !== 'GET' && request.method !== 'HEAD'
  checkCookieUse(fetchMetadata(request), { isChange, mayNavigate })
}

/** The headers that describe the page behind a request. */
function fetchMetadata(request: HttpRequest): FetchMetadata {
  return {
    origin: request.header('origin'),
    host: request.header('host'),
    scheme: request.scheme,
    fetchSite: request.header('sec-fetch-site'),
    fetchMode: request.header('sec-fetch-mode'),
    fetchDest: request.header('sec-fetch-dest'),
  }
}
