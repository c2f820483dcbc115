import type { RequestContext } from '../../access/actor.ts'
import { assertFresh } from '../../access/rights.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { newToken, readCookie, setCookie, tokenHash } from './cookies.ts'
import {
  type AuthRequest,
  actorOfMember,
  FROM_MEMBER,
  findByPerson,
  IS_ACTIVE,
  MEMBER,
  type Member,
  targetOf,
} from './member.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** A member who is signed in. */
export interface Session extends Member {
  readonly id: string
  readonly signedInAt: Date
  readonly seenAt: Date
  readonly expiresAt: Date
  readonly createdAt: Date
  /** A second factor was proved for it, or a passkey. */
  readonly secondFactor: boolean
}

/** How somebody proved who they are. */
export interface Proof {
  readonly way: 'password' | 'totp' | 'recovery_code' | 'passkey' | 'single_sign_on' | 'link'
  readonly secondFactor: boolean
  /** When it was given; now when left out. */
  readonly at?: Date | undefined
}

/** Columns of a session; `s` is the session. */
export const SESSION = `s.id, s.signed_in_at AS "signedInAt", s.seen_at AS "seenAt", s.expires_at AS "expiresAt",
  s.created_at AS "createdAt", s.second_factor AS "secondFactor", ${MEMBER}`

/** Sessions that have not ended; $1 is the days that one may be idle. */
export const FROM_SESSION = `${FROM_MEMBER} JOIN person_session s ON s.person_id = p.id
  WHERE ${IS_ACTIVE} AND s.expires_at > now() AND s.seen_at > now() - make_interval(days => $1)`

const BY_TOKEN = `SELECT ${SESSION} ${FROM_SESSION} AND s.token = $2`

const idleDays = () => getRuntime().config.security.session_idle_days

/** The session of a request; undefined: it has none that is valid. */
export async function findSession(request: AuthRequest): Promise<Session | undefined> {
  const token = readCookie(request.cookies, 'session')
  if (token === undefined) return undefined
  const values = [idleDays(), tokenHash(token)]
  const { rows } = await onPrimary(({ pool }) => pool.query<Session>(BY_TOKEN, values))
  return rows[0]
}

/** @throws unauthenticated */
export async function currentSession(request: AuthRequest): Promise<Session> {
  const session = await findSession(request)
  if (session === undefined)
    throw appError('unauthenticated', 'You are not signed in, or your session has ended: sign in again.')
  return session
}

/** Until when a proof counts as new, in milliseconds since 1970. */
export function freshUntil(signedInAt: Date): number {
  return signedInAt.getTime() + getRuntime().config.security.fresh_minutes * MINUTE_MS
}

/** The person behind a session, as the actor of a change. */
export function actorOfSession(session: Session, request: RequestContext) {
  const { id, personId, signedInAt } = session
  const credential = { kind: 'session', id, personId, freshUntil: freshUntil(signedInAt) } as const
  return actorOfMember(session, request, credential)
}

/** @throws forbidden with `fresh_sign_in_required` */
export function assertFreshSession(session: Session, request: AuthRequest): void {
  assertFresh(actorOfSession(session, request.context))
}

/**
 * Opens a session within a change. The one that the request came with ends: no token lives on from before.
 * @returns the Set-Cookie header
 */
export async function openSession(
  { tx, record }: ChangeContext,
  member: Pick<Member, 'personId' | 'actorId' | 'name'>,
  request: AuthRequest,
  proof: Proof,
): Promise<string> {
  const { session_days } = getRuntime().config.security
  const token = newToken()
  const id = newId()
  await endBefore({ tx, record }, member, request)
  await tx.personSession.create({
    data: {
      id,
      person_id: member.personId,
      token: tokenHash(token),
      expires_at: new Date(Date.now() + session_days * DAY_MS),
      ip_address: request.context.address ?? null,
      user_agent: request.userAgent?.slice(0, 500) ?? null,
      second_factor: proof.secondFactor,
      ...(proof.at !== undefined && { signed_in_at: proof.at }),
    },
  })
  await endOldest(tx, member.personId)
  const after = { session: id, way: proof.way, second_factor: proof.secondFactor }
  record({ action: 'session.create', target: targetOf(member), after })
  return setCookie('session', token, session_days * (DAY_MS / 1000))
}

/** Ends the session that a request came with. One of somebody else is told of, so that no instance goes on with it. */
async function endBefore(
  { tx, record }: Pick<ChangeContext, 'tx' | 'record'>,
  { actorId }: Pick<Member, 'actorId'>,
  request: AuthRequest,
): Promise<void> {
  const token = readCookie(request.cookies, 'session')
  if (token === undefined) return
  const [found] = await tx.$queryRawUnsafe<Session[]>(BY_TOKEN, idleDays(), tokenHash(token))
  await tx.personSession.deleteMany({ where: { token: tokenHash(token) } })
  if (found !== undefined && found.actorId !== actorId)
    record({ action: 'session.end', target: targetOf(found), before: { session: found.id } })
}

/** Signs a person in, and says so in the audit log, or does neither. @returns the Set-Cookie header */
export async function startSession(
  personId: string,
  request: AuthRequest,
  proof: Proof = { way: 'link', secondFactor: false },
): Promise<string> {
  const member = await findByPerson(personId)
  if (member === undefined) throw appError('unauthenticated', 'This account cannot sign in.')
  return change(actorOfMember(member, request.context), (context) =>
    openSession(context, member, request, proof),
  )
}

/** Nobody keeps more sessions than the configuration allows: the oldest end. */
async function endOldest(tx: Tx, personId: string): Promise<void> {
  const { sessions } = getRuntime().config.security
  await tx.$executeRaw`DELETE FROM person_session WHERE id IN (
    SELECT id FROM person_session WHERE person_id = ${personId}::uuid
    ORDER BY seen_at DESC, id DESC OFFSET ${sessions})`
}

/**
 * Gives a session another token, at every change of what it may do. What is cached of the old one is dropped with
 * the audit row of the change.
 * @returns the Set-Cookie header
 */
export async function renewSession(
  tx: Tx,
  session: Session,
  proof?: Pick<Proof, 'secondFactor'>,
): Promise<string> {
  const token = newToken()
  await tx.personSession.update({
    where: { id: session.id },
    data: {
      token: tokenHash(token),
      updated_at: new Date(),
      ...(proof !== undefined && {
        signed_in_at: new Date(),
        second_factor: session.secondFactor || proof.secondFactor,
      }),
    },
    select: { id: true },
  })
  return setCookie('session', token, (session.expiresAt.getTime() - Date.now()) / 1000)
}

/** Ends the sessions of a person within a change that is recorded elsewhere. @returns how many */
export async function endSessions(tx: Tx, personId: string, { but }: { but?: string } = {}): Promise<number> {
  const { count } = await tx.personSession.deleteMany({
    where: { person_id: personId, ...(but !== undefined && { NOT: { id: but } }) },
  })
  return count
}

/** Deletes sessions and unfinished steps whose time is over; upkeep calls it. */
export async function deleteOldSessions(): Promise<void> {
  const { session_idle_days } = getRuntime().config.security
  await onPrimary(async ({ pool }) => {
    await pool.query(
      `DELETE FROM person_session WHERE expires_at < now() OR seen_at < now() - make_interval(days => $1)`,
      [session_idle_days],
    )
    await pool.query(`DELETE FROM person_verification WHERE expires_at < now()`)
  })
}
