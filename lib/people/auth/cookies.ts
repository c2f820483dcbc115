import { createHash, randomBytes } from 'node:crypto'
import { sessionCookie } from '../../access/read-credential.ts'
import { getRuntime } from '../../runtime.ts'

/** Cookies that we set: the session, and what a sign-in under way has to remember. */
export type CookieKind = 'session' | 'factor' | 'passkey' | 'sso'

const TOKEN_BYTES = 32
const TOKEN = /^[\w-]{43}$/

/** A secret for a cookie or a link. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** What the database keeps of a token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether a text can be a token at all. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** The name of a cookie. What a sign-in has to remember is named after the session's. */
function cookieName(kind: CookieKind): string {
  return kind === 'session' ? sessionCookie() : `${sessionCookie()}-${kind}`
}

/** A Set-Cookie header. @param seconds until it ends; 0 deletes it */
export function setCookie(kind: CookieKind, value: string, seconds: number): string {
  const isSecure = getRuntime().config.publicUrl.startsWith('https:')
  const secure = isSecure ? '; Secure' : ''
  return `${cookieName(kind)}=${value}; Path=/; Max-Age=${Math.floor(seconds)}; HttpOnly; SameSite=Lax${secure}`
}

/** The token in a Cookie header; undefined when there is none, or what stands there can be none. */
export function readCookie(header: string | undefined, kind: CookieKind): string | undefined {
  if (header === undefined) return undefined
  const start = `${cookieName(kind)}=`
  for (const part of header.split(';')) {
    const pair = part.trim()
    if (pair.startsWith(start)) {
      const value = pair.slice(start.length)
      return isToken(value) ? value : undefined
    }
  }
  return undefined
}
