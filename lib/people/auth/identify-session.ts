import type pg from 'pg'
import {
  type CredentialSource,
  inTime,
  nameOf,
  recalled,
  type Verified,
  verifiedIdentity,
} from '../../access/access-cache.ts'
import { ALL_SCOPES, type Identity } from '../../access/actor.ts'
import { type CredentialResolver, setCredentialResolver } from '../../access/credentials.ts'
import { FACTORS, type Factors, lacksSecondFactor, needsSecondFactor } from '../../access/second-factor.ts'
import { onPrimary } from '../../db/read.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { isToken, tokenHash } from './cookies.ts'
import { FROM_MEMBER, IS_ACTIVE, MEMBER, type Member } from './member.ts'
import { FROM_SESSION, freshUntil, SESSION, type Session } from './sessions.ts'

const DAY_MS = 86_400_000
const SEEN_MS = 60_000
/** Sessions that are remembered as used; those beyond it are noted a minute later. */
const SEEN_MAX = 10_000

const REVISION = `(SELECT w.revision::float8 FROM workspace w WHERE w.id = m.workspace_id) AS revision`
const BY_TOKEN = {
  name: 'people.session',
  text: `SELECT ${SESSION}, ${REVISION} ${FROM_SESSION} AND s.token = $2`,
}
const BY_ID = `SELECT ${SESSION} ${FROM_SESSION} AND s.id = $2`
const BY_ACTOR = `SELECT ${MEMBER}, ${FACTORS} ${FROM_MEMBER} WHERE ${IS_ACTIVE} AND m.actor_id = $1 AND m.workspace_id = $2`

/** Recognizes people by the cookie of their session. */
const sessionResolver: CredentialResolver = {
  identify(token, from) {
    const name = nameOf(token)
    const known = recalled(name, 'session')
    return known === undefined ? lookUp(name, token, from) : seen(inTime(known))
  },
  async current({ credential, id, workspaceId }, { background }) {
    if (credential.kind === 'session' && !background) {
      const values = [idleDays(), credential.id]
      const { rows } = await onPrimary(({ pool }) => pool.query<Session>(BY_ID, values))
      return rows[0] && identityOf(rows[0])
    }
    const { rows } = await onPrimary(({ pool }) => pool.query<Member & Factors>(BY_ACTOR, [id, workspaceId]))
    return rows[0] && identityBehind(rows[0])
  },
}

async function lookUp(name: string, token: string, from: string | undefined): Promise<Identity | undefined> {
  const load = (pool: pg.Pool) => loadSession(pool, tokenHash(token))
  const source: CredentialSource = {
    kind: 'session',
    isPlausible: () => isToken(token),
    locate: async (pool) => (await load(pool))?.identity.workspaceId,
    load,
  }
  return seen(await verifiedIdentity(name, source, from))
}

function seen(identity: Identity | undefined): Identity | undefined {
  if (identity?.credential.kind === 'session') noteSeen(identity.credential.id)
  return identity
}

/** Puts the resolver in place; boot does so before anything is served. */
export function recognizeSessions(): void {
  setCredentialResolver('session', sessionResolver)
}

const idleDays = () => getRuntime().config.security.session_idle_days

async function loadSession(pool: pg.Pool, hash: string): Promise<Verified | undefined> {
  const { rows } = await pool.query<Session & { revision: number }>({
    ...BY_TOKEN,
    values: [idleDays(), hash],
  })
  const [row] = rows
  if (row === undefined) return undefined
  return {
    identity: identityOf(row),
    dependsOn: [row.actorId],
    revision: row.revision,
    expiresAt: endOf(row),
  }
}

/** When a session ends unless it is used before. */
function endOf({ expiresAt, seenAt }: Session): number {
  return Math.min(expiresAt.getTime(), seenAt.getTime() + idleDays() * DAY_MS)
}

/** Until the second factor that the role must have was given, the session has no right at all. */
function identityOf(session: Session): Identity {
  const { id, personId, role, secondFactor, signedInAt } = session
  const [fresh, expiresAt] = [freshUntil(signedInAt), endOf(session)]
  const credential = { kind: 'session', id, personId, freshUntil: fresh, expiresAt } as const
  return memberIdentity(session, credential, secondFactor || !needsSecondFactor(role))
}

/** Whom background work goes on for, when the session has ended. */
function identityBehind(member: Member & Factors): Identity {
  return memberIdentity(member, { kind: 'none' }, !lacksSecondFactor(member.role, member))
}

function memberIdentity(
  { actorId, workspaceId, role, categories }: Member,
  credential: Identity['credential'],
  isProved: boolean,
): Identity {
  return {
    id: actorId,
    kind: 'person',
    workspaceId,
    role,
    scopes: isProved ? ALL_SCOPES : new Set(),
    label: null,
    categories: categories && new Set(categories),
    credential,
    must: isProved ? undefined : 'second_factor',
  }
}

/** Marks a session as used: once a minute at most, together with all others. */
function noteSeen(id: string): void {
  const seen = getRuntime().once('people.seen', createSeen)
  if (seen.size < SEEN_MAX) seen.add(id)
}

/** Sessions that were used and are to be written. */
function createSeen(runtime: Runtime): Set<string> {
  const seen = new Set<string>()
  const write = async () => {
    if (seen.size === 0 || runtime.database.availability.down) return
    const ids = [...seen]
    seen.clear()
    await runtime.database.primary.pool
      .query(`UPDATE person_session SET seen_at = now() WHERE id = ANY ($1)`, [ids])
      .catch((error: unknown) => runtime.log.debug({ err: error }, 'when sessions were used was not written'))
  }
  const timer = setInterval(() => void write(), SEEN_MS).unref()
  runtime.onShutdown('close', 'sessions that were used', async () => {
    clearInterval(timer)
    await write()
  })
  return seen
}
