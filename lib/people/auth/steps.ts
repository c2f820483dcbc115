import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { newId } from '../../id.ts'
import { type CookieKind, newToken, readCookie, setCookie, tokenHash } from './cookies.ts'
import type { AuthRequest } from './member.ts'

/** What a sign-in under way remembers, by the cookie that finds it again. */
export interface Steps {
  /** The password was right. */
  factor: { personId: string }
  /** Waits for the answer of an authenticator. */
  passkey: { challenge: string; personId: string | null }
  /** The person is at the provider. */
  sso: {
    verifier: string
    state: string
    nonce: string
    next: string
    failed: string
    linkTo: string | null
    /** Hash of the link that the person came with. */
    invitation: string | null
  }
}
type StepKind = Exclude<CookieKind, 'session'> & keyof Steps

const STEP_SECONDS = 600

/** Remembers a step of a sign-in. @returns the Set-Cookie header */
export async function beginStep<K extends StepKind>(kind: K, value: Steps[K]): Promise<string> {
  const token = newToken()
  const data = {
    id: newId(),
    identifier: identifierOf(kind, token),
    value: JSON.stringify(value),
    expires_at: new Date(Date.now() + STEP_SECONDS * 1000),
  }
  await onPrimary(({ prisma }) => prisma.personVerification.create({ data }))
  return setCookie(kind, token, STEP_SECONDS)
}

/** The step that a request goes on with. */
export async function findStep<K extends StepKind>(
  kind: K,
  request: AuthRequest,
): Promise<{ id: string; value: Steps[K] } | undefined> {
  const token = readCookie(request.cookies, kind)
  if (token === undefined) return undefined
  const row = await onPrimary(({ prisma }) =>
    prisma.personVerification.findFirst({
      where: { identifier: identifierOf(kind, token), expires_at: { gt: new Date() } },
    }),
  )
  // What is stored under this kind was written by beginStep.
  return row === null ? undefined : { id: row.id, value: JSON.parse(row.value) as Steps[K] }
}

/** Ends the sign-ins of a person whose password was right: it is another one now. */
export async function endFactorSteps(tx: Tx, personId: string): Promise<void> {
  const value = JSON.stringify({ personId } satisfies Steps['factor'])
  await tx.personVerification.deleteMany({ where: { identifier: { startsWith: 'factor:' }, value } })
}

/** Ends a step. @returns false: somebody else did */
export async function endStep(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.personVerification.deleteMany({ where: { id } })
  return count === 1
}

/** Finds a step and ends it: it counts once. */
export async function takeStep<K extends StepKind>(
  kind: K,
  request: AuthRequest,
): Promise<Steps[K] | undefined> {
  const found = await findStep(kind, request)
  if (found === undefined) return undefined
  const isOurs = await onPrimary(({ prisma }) => endStep(prisma, found.id))
  return isOurs ? found.value : undefined
}

function identifierOf(kind: StepKind, token: string): string {
  return `${kind}:${tokenHash(token)}`
}
