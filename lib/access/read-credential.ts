import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import type { CredentialKind } from './credentials.ts'

/** What a request says of its sender. */
export interface Credentials {
  /** A header by its lower-case name. */
  header(name: string): string | undefined
  /** Query without its question mark. */
  readonly search?: string
  /** Network address, where it is known: its wrong keys and tokens are counted. */
  readonly address?: string | undefined
}

/** The kinds of credentials that a protocol takes. */
export interface Takes {
  /** The cookie of a session. */
  readonly session: boolean
  readonly key: boolean
  /** A key as user or password. */
  readonly basic: boolean
  /** An access token of an OAuth client. */
  readonly token: boolean
}

export const NOT_VALID: Readonly<Record<CredentialKind, string>> = {
  session: 'You are not signed in, or your session has ended: sign in again.',
  key: 'This key is not valid: it is mistyped, revoked or expired.',
  token: 'This access token is not valid: it is revoked, expired or for another server.',
}

/** Keys begin with this, access tokens never. */
export const KEY_START = 'inc_'

/** The name of the session's cookie: bound to the host over https, and to the port of this machine without. */
export function sessionCookie(): string {
  const { config } = getRuntime()
  return config.publicUrl.startsWith('https:') ? '__Host-incipit' : `incipit-${config.server.port}`
}

/** A parameter that carries a token (RFC 6750), or a value that is one of our keys. */
const SECRET_IN_QUERY = /(?:^|&)(?:access_token=|[^=&]*=inc_[\w-]{16})/

/**
 * The one credential of a request.
 * @throws unauthenticated when there is none that this protocol takes, or when one stands in the address, which logs
 *   and histories keep; invalid_input when there are two
 */
export function readCredential(request: Credentials, takes: Takes): { kind: CredentialKind; secret: string } {
  if (SECRET_IN_QUERY.test(request.search ?? ''))
    throw appError(
      'unauthenticated',
      'A key or token never stands in an address: send it as Authorization.',
      {
        extra: { credential: 'token' },
      },
    )
  const authorization = request.header('authorization')
  const cookie = takes.session ? cookieNamed(request.header('cookie'), sessionCookie()) : undefined
  if (authorization !== undefined && cookie !== undefined)
    throw twoCredentials('either Authorization or the cookie of a session')
  if (cookie !== undefined) return { kind: 'session', secret: cookie }
  const found = authorization === undefined ? undefined : readAuthorization(authorization, takes)
  if (found !== undefined) return found
  throw appError('unauthenticated', lacking(takes))
}

const BEARER = 'Bearer '

function readAuthorization(
  authorization: string,
  takes: Takes,
): { kind: CredentialKind; secret: string } | undefined {
  // What agents send all day needs no pattern.
  if (authorization.startsWith(BEARER) && !authorization.includes(' ', BEARER.length))
    return readBearer(authorization.slice(BEARER.length), takes)
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return readBearer(value, takes)
    case 'basic':
      return takes.basic ? readBasic(value) : undefined
    default:
      return undefined
  }
}

function readBearer(secret: string, takes: Takes): { kind: CredentialKind; secret: string } | undefined {
  const kind = secret.startsWith(KEY_START) ? 'key' : 'token'
  return takes[kind] && secret !== '' ? { kind, secret } : undefined
}

/** A key stands as user or as password. */
function readBasic(value: string): { kind: 'key'; secret: string } | undefined {
  const [user = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(/:(.*)/s)
  const [secret, other] = [user, password].filter((each) => each.startsWith(KEY_START))
  if (other !== undefined && other !== secret) throw twoCredentials('one key, as user or as password')
  return secret === undefined ? undefined : { kind: 'key', secret }
}

/** @throws invalid_input when there are several of that name: another server of this host may have set one */
function cookieNamed(cookies: string | undefined, name: string): string | undefined {
  const found = cookies?.split(/; */).filter((each) => each.startsWith(`${name}=`))
  if (new Set(found).size > 1) throw twoCredentials('the cookie of one session')
  return found?.[0]?.slice(name.length + 1) || undefined
}

function twoCredentials(instead: string): Error {
  return appError('invalid_input', `Two credentials came: send ${instead}.`)
}

function lacking({ session, key, token }: Takes): string {
  const ways = [
    session && 'sign in',
    key && 'send a key as "Authorization: Bearer inc_…"',
    token && 'send an access token',
  ]
  return `This needs to know who asks: ${ways.filter((way) => way !== false).join(', or ')}.`
}
