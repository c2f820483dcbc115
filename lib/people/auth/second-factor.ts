import { needsSecondFactor } from '../../access/second-factor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { activeDataKey } from '../../secrets/data-keys.ts'
import { INSTALLATION } from '../../secrets/sealed-columns.ts'
import { open, type SealedPlace, seal, type Wrap } from '../../secrets/sealing.ts'
import { attemptProof } from './attempts.ts'
import { tokenHash } from './cookies.ts'
import type { AuthAnswer } from './endpoint.ts'
import { type AuthRequest, type Member, targetOf } from './member.ts'
import { proveFresh } from './proofs.ts'
import { actorOfSession, currentSession, renewSession, type Session } from './sessions.ts'
import { finishStep, memberOfStep, recordRefusal, signedIn, stepLost } from './sign-in.ts'
import { newRecoveryCodes, newTotpSecret, plainRecoveryCode, stepOfCode, totpUri } from './totp.ts'

/**
 * Begins to set an authenticator app up: answers what it has to know, and the recovery codes. It counts once its
 * first code is given.
 * @throws forbidden (not fresh), conflict (there is one)
 */
export async function enableTotp(request: AuthRequest, input: { password?: string }): Promise<AuthAnswer> {
  const session = await proveFresh(request, input.password)
  if (session.hasTotp)
    throw appError('conflict', 'An authenticator app is set up already. Remove it first to set up another.')
  const secret = newTotpSecret()
  const codes = newRecoveryCodes()
  const { personId } = session
  await change(actorOfSession(session, request.context), async ({ tx }) => {
    const dataKey = await activeDataKey(tx, INSTALLATION)
    const data = {
      secret: Uint8Array.from(seal(secret, dataKey, placeOf(personId))),
      key_id: dataKey.id,
      recovery_hashes: hashesOf(codes),
      last_step: 0n,
    }
    await tx.personSecondFactor.upsert({
      where: { person_id: personId },
      create: { person_id: personId, ...data },
      update: data,
      select: { person_id: true },
    })
  })
  const uri = totpUri(secret, nameOfServer(), session.email)
  return { body: { method: 'totp', totpURI: uri, backupCodes: codes } }
}

/**
 * Takes a code of the authenticator app: as the second proof of a sign-in under way, else as the first one of an
 * app that is being set up.
 * @throws unauthenticated (wrong code), rate_limited
 */
export async function verifyTotp(request: AuthRequest, { code }: { code: string }): Promise<AuthAnswer> {
  const step = await memberOfStep(request)
  if (step === undefined) return confirmTotp(request, code)
  await counted(request, step.member, 'totp', async () =>
    isRight(await findFactor(step.member.personId), code),
  )
  return finishStep(step, request, { way: 'totp', secondFactor: true }, ({ tx }) =>
    useCode(tx, step.member.personId, code),
  )
}

/** Takes a recovery code as the second proof of a sign-in. @throws unauthenticated, rate_limited */
export async function verifyRecoveryCode(
  request: AuthRequest,
  { code }: { code: string },
): Promise<AuthAnswer> {
  const step = await memberOfStep(request)
  if (step === undefined) throw stepLost()
  const hash = tokenHash(plainRecoveryCode(code))
  const { personId } = step.member
  await counted(request, step.member, 'recovery_code', async () => {
    const factor = await findFactor(personId)
    return factor?.confirmed_at !== null && factor?.recovery_hashes.includes(hash) === true
  })
  return finishStep(step, request, { way: 'recovery_code', secondFactor: true }, async ({ tx }) => {
    const used = await tx.$executeRaw`UPDATE person_second_factor
      SET recovery_hashes = array_remove(recovery_hashes, ${hash})
      WHERE person_id = ${personId}::uuid AND ${hash} = ANY (recovery_hashes)`
    if (used === 0) throw wrongCode()
  })
}

/** Whether a code is right now; counted, so that none can be guessed. @throws invalid_input, rate_limited */
export async function assertCode(request: AuthRequest, session: Session, code: string): Promise<void> {
  const isConfirmed = session.hasTotp
  await counted(
    request,
    session,
    'totp',
    async () => isConfirmed && isRight(await findFactor(session.personId), code),
  )
}

/** Marks a code as used within a change. @throws unauthenticated when it was used before */
export async function useCode(tx: Tx, personId: string, code: string): Promise<void> {
  const factor = await readFactor(tx, personId)
  const step = factor === null ? undefined : stepOf(factor, code)
  if (step === undefined) throw wrongCode()
  const { count } = await tx.personSecondFactor.updateMany({
    where: { person_id: personId, last_step: { lt: BigInt(step) } },
    data: { last_step: BigInt(step) },
  })
  if (count === 0) throw wrongCode()
}

/** Removes the authenticator app. @throws forbidden (not fresh), conflict (the role needs one) */
export async function disableTotp(request: AuthRequest, input: { password?: string }): Promise<AuthAnswer> {
  const session = await proveFresh(request, input.password)
  const cookie = await change(actorOfSession(session, request.context), async (context) => {
    const { tx, record } = context
    await assertNotLast(tx, session, 'totp')
    const { count } = await tx.personSecondFactor.deleteMany({ where: { person_id: session.personId } })
    if (count === 0) throw appError('not_found', 'No authenticator app is set up.')
    await setHasTotp(tx, session.personId, false)
    record({ action: 'second_factor.disable', target: targetOf(session) })
    return renewSession(tx, session)
  })
  return { body: { status: true }, cookie }
}

/** Makes new recovery codes; the old ones do not count any more. */
export async function renewRecoveryCodes(
  request: AuthRequest,
  input: { password?: string },
): Promise<AuthAnswer> {
  const session = await proveFresh(request, input.password)
  if (!session.hasTotp) throw appError('conflict', 'No authenticator app is set up.')
  const codes = newRecoveryCodes()
  await change(actorOfSession(session, request.context), async ({ tx, record }) => {
    await tx.personSecondFactor.update({
      where: { person_id: session.personId },
      data: { recovery_hashes: hashesOf(codes) },
      select: { person_id: true },
    })
    record({ action: 'second_factor.codes', target: targetOf(session) })
  })
  return { body: { status: true, backupCodes: codes } }
}

/**
 * Refuses to take away the last second factor of somebody whose role must have one.
 * @param leaving what goes: the app, or the id of a passkey
 */
export async function assertNotLast(
  tx: Tx,
  member: Member,
  leaving: 'totp' | { passkey: string },
): Promise<void> {
  if (!needsSecondFactor(member.role)) return
  const isApp = leaving === 'totp'
  const passkeys = await tx.personPasskey.count({
    where: { person_id: member.personId, ...(!isApp && { NOT: { id: leaving.passkey } }) },
  })
  if (passkeys === 0 && (isApp || !member.hasTotp))
    throw appError('conflict', 'Your role must have a second factor: set up another one first.')
}

async function confirmTotp(request: AuthRequest, code: string): Promise<AuthAnswer> {
  const session = await currentSession(request).catch(() => {
    throw stepLost()
  })
  const fresh = await proveFresh(request, undefined)
  if (fresh.hasTotp) throw appError('conflict', 'The authenticator app is set up already.')
  await counted(request, session, 'totp', async () => isRight(await findFactor(session.personId), code))
  const cookie = await change(actorOfSession(session, request.context), (context) =>
    confirm(context, session, code),
  )
  return { ...signedIn({ ...session, hasTotp: true }, cookie), isRenewal: true }
}

async function confirm({ tx, record }: ChangeContext, session: Session, code: string): Promise<string> {
  await useCode(tx, session.personId, code)
  await tx.personSecondFactor.update({
    where: { person_id: session.personId },
    data: { confirmed_at: new Date() },
    select: { person_id: true },
  })
  await setHasTotp(tx, session.personId, true)
  record({ action: 'second_factor.enable', target: targetOf(session) })
  return renewSession(tx, session, { secondFactor: true })
}

async function setHasTotp(tx: Tx, personId: string, has: boolean): Promise<void> {
  await tx.person.update({
    where: { id: personId },
    data: { two_factor_enabled: has, updated_at: new Date() },
    select: { id: true },
  })
}

/** Counts a try for the person before it is made; a wrong one goes on record. */
async function counted(
  request: AuthRequest,
  member: Member,
  way: 'totp' | 'recovery_code',
  check: () => Promise<boolean>,
): Promise<void> {
  const attempt = await attemptProof(way === 'totp' ? 'code' : 'recovery code', member.personId)
  if (!(await check())) {
    await recordRefusal(request, member, way)
    throw wrongCode('signedInAt' in member ? 'invalid_input' : 'unauthenticated')
  }
  await attempt.forgive()
}

/** @param code of somebody who is signed in it is the input that is wrong */
function wrongCode(code: 'unauthenticated' | 'invalid_input' = 'unauthenticated'): Error {
  return appError(code, 'This code is wrong, or was used already.', {
    details: [{ path: ['code'], code: 'wrong', message: 'is wrong, or was used already' }],
  })
}

interface Factor {
  person_id: string
  secret: Uint8Array
  key_id: string
  confirmed_at: Date | null
  last_step: bigint
  recovery_hashes: string[]
  data_key: { wraps: Wrap[] } | null
}

function findFactor(personId: string): Promise<Factor | null> {
  return onPrimary(({ prisma }) => readFactor(prisma, personId))
}

function readFactor(client: Tx, personId: string): Promise<Factor | null> {
  return client.personSecondFactor.findUnique({
    where: { person_id: personId },
    include: { data_key: { select: { wraps: true } } },
  }) as Promise<Factor | null>
}

function isRight(factor: Factor | null, code: string): boolean {
  return factor !== null && stepOf(factor, code) !== undefined
}

function stepOf(
  { person_id, secret, key_id, data_key, last_step }: Factor,
  code: string,
): number | undefined {
  const sealed = { sealed: secret, keyId: key_id, wraps: data_key?.wraps ?? null }
  const plain = open(sealed, placeOf(person_id))
  return stepOfCode(plain, code, { now: Date.now(), after: Number(last_step) })
}

/** Where the secret is stored: of a person, who belongs to no workspace. */
function placeOf(personId: string): SealedPlace {
  return { table: 'person_second_factor', column: 'secret', workspaceId: INSTALLATION, id: personId }
}

function hashesOf(codes: string[]): string[] {
  return codes.map((code) => tokenHash(plainRecoveryCode(code)))
}

/** The name that authenticator apps and browsers show beside the account. */
export function nameOfServer(): string {
  return `Incipit (${new URL(getRuntime().config.publicUrl).host})`
}
