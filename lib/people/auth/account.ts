import { accessState } from '../../access/state.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { mailsAreSent } from '../mail/mail-target.ts'
import { attemptProof } from './attempts.ts'
import { newToken, tokenHash } from './cookies.ts'
import type { AuthAnswer } from './endpoint.ts'
import { type AuthRequest, findByPerson, plainEmail, targetOf } from './member.ts'
import { hasPasskeys, verifyPasskey } from './passkeys.ts'
import { assertFreeEmail, endResets, newPassword, setPassword } from './people.ts'
import { assertPassword, assertSecondProof, proveFresh } from './proofs.ts'
import { assertCode, useCode } from './second-factor.ts'
import {
  actorOfSession,
  currentSession,
  endSessions,
  freshUntil,
  renewSession,
  type Session,
} from './sessions.ts'
import { assertOwnWays, recordRefusal, userOf } from './sign-in.ts'

/** How people can sign in here. */
export async function listWays(): Promise<AuthAnswer> {
  const { single_sign_on: provider } = getRuntime().config.security
  const isOpen = provider?.only !== true
  return {
    body: {
      state: await accessState(),
      password: isOpen,
      passkey: isOpen && hasPasskeys(),
      ...(isOpen && mailsAreSent() && { reset: true }),
      single_sign_on:
        provider === undefined ? null : { name: provider.name, url: '/api/auth/sign-in/oauth2' },
    },
  }
}

/** One of the ways to prove again who one is. */
export interface FreshInput {
  password?: string | undefined
  code?: string | undefined
  passkey?: Record<string, unknown> | undefined
}

/**
 * Proves again who one is, without leaving the page.
 * @throws invalid_input (wrong), rate_limited
 */
export async function renewProof(request: AuthRequest, input: FreshInput): Promise<AuthAnswer> {
  const session = await currentSession(request)
  const { way, use } = await prove(request, session, input)
  const isSecond = way !== 'password'
  const cookie = await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    await use(tx)
    record({ action: 'session.renew', target: targetOf(session), after: { session: session.id, way } })
    return renewSession(tx, session, { secondFactor: isSecond })
  })
  return { body: { fresh_until: new Date(freshUntil(new Date())).toISOString() }, cookie }
}

async function prove(
  request: AuthRequest,
  session: Session,
  { password, code, passkey }: FreshInput,
): Promise<{ way: 'password' | 'totp' | 'passkey'; use: (tx: Tx) => Promise<void> }> {
  if (password !== undefined) {
    await assertPassword(request, session, password)
    return { way: 'password', use: () => Promise.resolve() }
  }
  if (code !== undefined) {
    await assertCode(request, session, code)
    return { way: 'totp', use: (tx) => useCode(tx, session.personId, code) }
  }
  const attempt = await attemptProof('passkey', session.personId)
  const used = await verifyPasskey(request, passkey ?? {})
  if (used?.personId !== session.personId) {
    await recordRefusal(request, session, 'passkey')
    throw appError('invalid_input', 'This passkey is not yours, or did not answer as it should.')
  }
  await attempt.forgive()
  return { way: 'passkey', use: (tx) => used.note(tx) }
}

/**
 * Changes one's own password, and ends one's other sessions. Who has none yet needs a fresh sign-in instead.
 * @throws invalid_input, forbidden, rate_limited, overloaded
 */
export async function changePassword(
  request: AuthRequest,
  input: { currentPassword?: string | undefined; newPassword: string },
): Promise<AuthAnswer> {
  assertOwnWays()
  const session = await currentSession(request)
  if (session.password === null) await proveFresh(request, undefined)
  else await assertPassword(request, session, input.currentPassword ?? '', 'currentPassword')
  await assertSecondProof(session)
  const hash = await newPassword(input.newPassword, session, 'newPassword')
  const cookie = await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    await setPassword(tx, session.personId, hash)
    const ended = await endSessions(tx, session.personId, { but: session.id })
    record({ action: 'person.password', target: targetOf(session), after: { sessions_ended: ended } })
    return renewSession(tx, session, { secondFactor: false })
  })
  return { body: { token: null, user: userOf(session) }, cookie }
}

/** Sends the mail of this room; without one an e-mail address is changed without being confirmed. */
export interface AuthMail {
  /** Asks the owner of a new address to follow the link. */
  confirmEmail(mail: { to: string; name: string; url: string }): Promise<void>
  /** Tells the owner of an address that somebody else asked for it. */
  addressTaken(mail: { to: string }): Promise<void>
  /** Tells the old address of the change. */
  emailChanged(mail: { to: string; name: string }): Promise<void>
}

function mailHolder(): { mail: AuthMail | undefined } {
  return getRuntime().once('people.auth-mail', () => ({ mail: undefined }))
}

/** Puts in place what sends mail; boot does so when a mail server is configured. */
export function setAuthMail(mail: AuthMail | undefined): void {
  mailHolder().mail = mail
}

const CONFIRM_HOURS = 24

/**
 * Changes one's own e-mail address: at once where no mail can be sent, else once the link in the mail was followed.
 * Then nothing tells whether the address is another account's, the time that the answer takes included.
 * @throws forbidden (not fresh), conflict, rate_limited
 */
export async function changeEmail(request: AuthRequest, input: { newEmail: string }): Promise<AuthAnswer> {
  const session = await proveFresh(request, undefined)
  const email = plainEmail(input.newEmail)
  const { mail } = mailHolder()
  if (mail === undefined) {
    const cookie = await change(actorOfSession(session, request.context), async ({ tx, record }) => {
      await keepEmail(tx, session.personId, email, false)
      record({ action: 'person.email', target: targetOf(session), after: { verified: false } })
      return renewSession(tx, session)
    })
    return { body: { status: true }, cookie }
  }
  // Each one is a mail to whomever: nobody sends strangers many.
  await attemptProof('e-mail', session.personId)
  const isFree = (await onPrimary(({ prisma }) => prisma.person.count({ where: { email } }))) === 0
  if (!isFree) {
    await mail.addressTaken({ to: email })
    return { body: { status: true } }
  }
  const token = newToken()
  const data = {
    id: newId(),
    identifier: confirmation(token),
    value: JSON.stringify({ personId: session.personId, email }),
    expires_at: new Date(Date.now() + CONFIRM_HOURS * 3_600_000),
  }
  await onPrimary(({ prisma }) => prisma.personVerification.create({ data }))
  const url = `${getRuntime().config.publicUrl}/account#verify-email=${token}`
  await mail.confirmEmail({ to: email, name: session.name, url })
  return { body: { status: true } }
}

/** Follows the link of such a mail. @throws not_found, conflict */
export async function confirmEmail(request: AuthRequest, { token }: { token: string }): Promise<AuthAnswer> {
  const identifier = confirmation(token)
  const row = await onPrimary(({ prisma }) =>
    prisma.personVerification.findFirst({ where: { identifier, expires_at: { gt: new Date() } } }),
  )
  const asked: { personId: string; email: string } | null = row && JSON.parse(row.value)
  const member = asked === null ? undefined : await findByPerson(asked.personId)
  if (row === null || asked === null || member === undefined)
    throw appError('not_found', 'This link is not valid any more. Ask for the change again.')
  const session = await currentSession(request)
  if (session.personId !== member.personId)
    throw appError('forbidden', 'This link is for another account: sign in with that one.')
  const cookie = await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    await tx.personVerification.deleteMany({ where: { id: row.id } })
    await keepEmail(tx, member.personId, asked.email, true)
    record({ action: 'person.email', target: targetOf(member), after: { verified: true } })
    return renewSession(tx, session)
  })
  await mailHolder().mail?.emailChanged({ to: member.email, name: member.name })
  return { body: { status: true }, cookie }
}

async function keepEmail(tx: Tx, personId: string, email: string, isVerified: boolean): Promise<void> {
  await assertFreeEmail(tx, email)
  await tx.person.update({
    where: { id: personId },
    data: { email, email_verified: isVerified, updated_at: new Date() },
    select: { id: true },
  })
  // One that was sent to the old address is for nobody any more.
  await endResets(tx, personId)
}

function confirmation(token: string): string {
  return `email:${tokenHash(token)}`
}
