import { isIP } from 'node:net'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { attemptFrom } from './attempts.ts'
import type { AuthAnswer } from './endpoint.ts'
import { type AuthRequest, actorOfMember, findByPerson, type Member, targetOf } from './member.ts'
import { proveFresh } from './proofs.ts'
import { assertNotLast, nameOfServer } from './second-factor.ts'
import { actorOfSession, currentSession, findSession, openSession, renewSession } from './sessions.ts'
import { assertOwnWays, recordRefusal, signedIn } from './sign-in.ts'
import { beginStep, takeStep } from './steps.ts'

/** Most passkeys of one person. */
const PASSKEYS_MAX = 20

/** Loaded at the first use: most processes never need it. */
const webauthn = () => import('@simplewebauthn/server')

/** Whether browsers make passkeys for this address: they need a name, and https unless it is this machine. */
export function hasPasskeys(): boolean {
  const { protocol, hostname } = new URL(getRuntime().config.publicUrl)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return false
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
}

function assertPasskeys(): URL {
  if (!hasPasskeys())
    throw appError('conflict', 'Passkeys need https and a name: INCIPIT_URL is neither https nor localhost.')
  return new URL(getRuntime().config.publicUrl)
}

/** What a browser needs to make a passkey. @throws forbidden (not fresh), conflict */
export async function registrationOptions(request: AuthRequest): Promise<AuthAnswer> {
  const { hostname } = assertPasskeys()
  const session = await proveFresh(request, undefined)
  const known = await passkeysOf(session.personId)
  if (known.length >= PASSKEYS_MAX)
    throw appError('conflict', `You have ${PASSKEYS_MAX} passkeys: remove one before you add another.`)
  const { generateRegistrationOptions } = await webauthn()
  const options = await generateRegistrationOptions({
    rpName: nameOfServer(),
    rpID: hostname,
    userName: session.email,
    userDisplayName: session.name,
    userID: Uint8Array.from(Buffer.from(session.personId)),
    attestationType: 'none',
    excludeCredentials: known.map(({ credential_id, transports }) => ({ id: credential_id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  const cookie = await beginStep('passkey', { challenge: options.challenge, personId: session.personId })
  return { body: options, cookie }
}

/** Adds the passkey that a browser made. @throws invalid_input */
export async function addPasskey(
  request: AuthRequest,
  input: { response: Record<string, unknown>; name?: string },
): Promise<AuthAnswer> {
  const { hostname, origin } = assertPasskeys()
  const session = await proveFresh(request, undefined)
  const step = await takeStep('passkey', request)
  if (step?.personId !== session.personId) throw notVerified()
  const { verifyRegistrationResponse } = await webauthn()
  const verified = await verifyRegistrationResponse({
    // The library checks what it takes.
    response: input.response as unknown as RegistrationResponseJSON,
    expectedChallenge: step.challenge,
    expectedOrigin: origin,
    expectedRPID: hostname,
    requireUserVerification: true,
  }).catch(notVerifiedFor)
  if (!verified.verified) throw notVerified()
  const { credential, credentialBackedUp } = verified.registrationInfo
  const id = newId()
  const name = input.name?.trim() || 'Passkey'
  const cookie = await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    await assertNew(tx, credential.id)
    await tx.personPasskey.create({
      data: {
        id,
        person_id: session.personId,
        name,
        credential_id: credential.id,
        public_key: Uint8Array.from(credential.publicKey),
        counter: BigInt(credential.counter),
        transports: credential.transports ?? [],
        backed_up: credentialBackedUp,
      },
    })
    record({ action: 'passkey.create', target: targetOf(session), after: { passkey: id, name } })
    return renewSession(tx, session, { secondFactor: true })
  })
  return { body: { id, name, userId: session.personId }, cookie }
}

async function assertNew(tx: Tx, credentialId: string): Promise<void> {
  const taken = await tx.personPasskey.count({ where: { credential_id: credentialId } })
  if (taken > 0) throw appError('conflict', 'This passkey is added already.')
}

/**
 * What a browser needs to use a passkey. Nothing in it tells whether an account exists: any passkey may answer. Who
 * is signed in is asked for one of their own.
 */
export async function authenticationOptions(request: AuthRequest): Promise<AuthAnswer> {
  const { hostname } = assertPasskeys()
  const session = await findSession(request)
  if (session === undefined) assertOwnWays()
  const own = session === undefined ? [] : await passkeysOf(session.personId)
  const { generateAuthenticationOptions } = await webauthn()
  const options = await generateAuthenticationOptions({
    rpID: hostname,
    userVerification: 'required',
    allowCredentials: own.map(({ credential_id, transports }) => ({ id: credential_id, transports })),
  })
  const personId = session?.personId ?? null
  return { body: options, cookie: await beginStep('passkey', { challenge: options.challenge, personId }) }
}

/** Signs in by a passkey. @throws unauthenticated, rate_limited */
export async function signInWithPasskey(
  request: AuthRequest,
  input: { response: Record<string, unknown> },
): Promise<AuthAnswer> {
  assertOwnWays()
  const attempt = await attemptFrom('passkey', request.context.address)
  const used = await verifyPasskey(request, input.response)
  const member = used && (await findByPerson(used.personId))
  if (used === undefined || member === undefined) {
    await recordRefusal(request, member, 'passkey')
    throw appError('unauthenticated', 'This passkey is not known here, or did not answer as it should.')
  }
  await attempt.forgive()
  const proof = { way: 'passkey', secondFactor: true } as const
  const cookie = await change(actorOfMember(member, request.context), async (context) => {
    await used.note(context.tx)
    return openSession(context, member, request, proof)
  })
  return signedIn(member, cookie)
}

/** A passkey that answered as it should. */
export interface UsedPasskey {
  personId: string
  /** Keeps its counter, in the change that it is used for. */
  note(tx: Tx): Promise<void>
}

/** Checks the answer of an authenticator against the challenge of this browser; each is taken once. */
export async function verifyPasskey(
  request: AuthRequest,
  response: Record<string, unknown>,
): Promise<UsedPasskey | undefined> {
  const { hostname, origin } = assertPasskeys()
  const step = await takeStep('passkey', request)
  const { id } = response
  if (step === undefined || typeof id !== 'string') return undefined
  const known = await onPrimary(({ prisma }) =>
    prisma.personPasskey.findUnique({ where: { credential_id: id } }),
  )
  if (known === null || (step.personId !== null && step.personId !== known.person_id)) return undefined
  const { verifyAuthenticationResponse } = await webauthn()
  const { credential_id, public_key, counter } = known
  const verified = await verifyAuthenticationResponse({
    // The library checks what it takes.
    response: response as unknown as AuthenticationResponseJSON,
    expectedChallenge: step.challenge,
    expectedOrigin: origin,
    expectedRPID: hostname,
    credential: { id: credential_id, publicKey: Uint8Array.from(public_key), counter: Number(counter) },
    requireUserVerification: true,
  }).catch(() => undefined)
  if (verified?.verified !== true) return undefined
  const { newCounter } = verified.authenticationInfo
  return {
    personId: known.person_id,
    async note(tx) {
      await tx.personPasskey.updateMany({
        where: { id: known.id },
        data: { counter: BigInt(newCounter), last_used_at: new Date() },
      })
    },
  }
}

/** One's own passkeys. */
export async function listPasskeys(request: AuthRequest): Promise<AuthAnswer> {
  const { personId } = await currentSession(request)
  const body = (await passkeysOf(personId)).map((row) => ({
    id: row.id,
    name: row.name,
    userId: personId,
    backedUp: row.backed_up,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }))
  return { body }
}

/** Gives one of one's own passkeys another name. @throws not_found */
export async function renamePasskey(
  request: AuthRequest,
  { id, name }: { id: string; name: string },
): Promise<AuthAnswer> {
  const session = await currentSession(request)
  await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    const before = await ownPasskey(tx, session, id)
    await tx.personPasskey.update({ where: { id }, data: { name }, select: { id: true } })
    const target = targetOf(session)
    record({ action: 'passkey.update', target, before: { passkey: id, name: before }, after: { name } })
  })
  return { body: { passkey: { id, name } } }
}

/** Removes one of one's own passkeys. @throws not_found, forbidden (not fresh), conflict (the role needs it) */
export async function deletePasskey(request: AuthRequest, { id }: { id: string }): Promise<AuthAnswer> {
  const session = await proveFresh(request, undefined)
  await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    const name = await ownPasskey(tx, session, id)
    await assertNotLast(tx, session, { passkey: id })
    await tx.personPasskey.delete({ where: { id }, select: { id: true } })
    record({ action: 'passkey.delete', target: targetOf(session), before: { passkey: id, name } })
  })
  return { body: { status: true } }
}

/** @returns its name */
async function ownPasskey(tx: Tx, { personId }: Member, id: string): Promise<string> {
  const found = await tx.personPasskey.findFirst({ where: { id, person_id: personId } })
  if (found === null) throw appError('not_found', 'You have no such passkey.')
  return found.name
}

function passkeysOf(personId: string) {
  return onPrimary(({ prisma }) =>
    prisma.personPasskey.findMany({ where: { person_id: personId }, orderBy: { created_at: 'asc' } }),
  )
}

function notVerified(cause?: unknown): Error {
  return appError('invalid_input', 'The browser’s passkey could not be checked: start again.', {
    details: [{ path: ['response'], code: 'not_verified', message: 'could not be checked' }],
    cause,
  })
}

function notVerifiedFor(cause: unknown): never {
  throw notVerified(cause)
}
