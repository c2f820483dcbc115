import { announce, UNREACHABLE } from '#components/ui/part.ts'
import { problemOf, send } from '#lib/rest/client.ts'

/** What the server offers to those who want to sign in. */
export interface Ways {
  password: boolean
  passkey: boolean
  single_sign_on: { name: string; url: string } | null
  /** Whether it can send a link for a new password. */
  reset?: boolean
}

/** Sends a part of signing in; what it is refused for is told where it was asked. */
const open = <T>(path: string, body: Record<string, unknown>): Promise<T> =>
  send<T>(`POST /api/auth/${path}`, { body, isFinal: true })

/** @returns whether a second factor is asked for now */
export async function signIn(email: string, password: string): Promise<boolean> {
  const answer = await open<{ twoFactorRedirect?: boolean }>('sign-in/email', { email, password })
  return answer.twoFactorRedirect === true
}

export const giveCode = (code: string) => open('two-factor/verify-totp', { code })
export const giveRecoveryCode = (code: string) => open('two-factor/verify-backup-code', { code })

/** Proves again who the person is that is signed in, by one of these. */
export const proveAgain = (proof: { password: string } | { code: string } | { passkey: unknown }) =>
  open('fresh', proof)

/**
 * @param invitation the secret of an invitation that is accepted by it
 * @returns the address at which the provider asks
 */
export async function beginSingleSignOn(url: string, next: string, invitation?: string): Promise<string> {
  const pages = { callbackURL: next, errorCallbackURL: `/sign-in?next=${encodeURIComponent(next)}` }
  const body = { ...pages, ...(invitation !== undefined && { invitation }) }
  return (await send<{ url: string }>(`POST ${url}`, { body, isFinal: true })).url
}

export const signOut = () => open('sign-out', {})

export interface FirstOwner extends Record<string, unknown> {
  token?: string
  name: string
  email: string
  password: string
}
export const setUp = (owner: FirstOwner) => open('set-up', owner)

/** What an invitation says. */
export interface Invited {
  email: string
  role: string
  workspace: string
  invited_by: string
  /** The person signs in, and then accepts. */
  has_account: boolean
}
export const lookAtInvitation = (token: string) => open<Invited>('invitation/look', { token })
export const acceptInvitation = (acceptance: { token: string; name?: string; password?: string }) =>
  open('invitation/accept', acceptance)

export const askForReset = (email: string) => open('request-password-reset', { email, redirectTo: '/reset' })
export const resetPassword = (token: string, password: string) => open('reset', { token, password })

/** Tells the notice of the connection, which says when the server is back. */
export function noteReach(error: unknown): void {
  if (problemOf(error)?.code === 'unreachable') announce(UNREACHABLE)
}
