import type pg from 'pg'
import { type Verified, verifiedIdentity } from '../../access/access-cache.ts'
import { ALL_SCOPES, type Identity } from '../../access/actor.ts'
import { type CredentialResolver, setCredentialResolver } from '../../access/credentials.ts'
import { onPrimary } from '../../db/read.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { isToken, tokenHash } from './cookies.ts'
import { FROM_MEMBER, IS_ACTIVE, MEMBER, type Member, needsSecondFactor } from './member.ts'
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
const BY_ACTOR = `SELECT ${MEMBER} ${FROM_MEMBER} WHERE ${IS_ACTIVE} AND m.actor_id = $1 AND m.workspace_id = $2`

/** Recognizes people by the cookie of their session. */
const sessionResolver: CredentialResolver = {
  async identify(token) {
    if (!isToken(token)) return undefined
    const hash = tokenHash(token)
    const load = (pool: pg.Pool) => loadSession(pool, hash)
    const identity = await verifiedIdentity(`session ${hash}`, {
      locate: async (pool) => (await load(pool))?.identity.workspaceId,
      load,
    })
    if (identity?.credential.kind === 'session') noteSeen(identity.credential.id)
    return identity
  },
  async current({ credential, id, workspaceId }, { background }) {
    if (credential.kind === 'session' && !background) {
      const values = [idleDays(), credential.id]
      const { rows } = await onPrimary(({ pool }) => pool.query<Session>(BY_ID, values))
      return rows[0] && identityOf(rows[0])
    }
    const { rows } = await onPrimary(({ pool }) => pool.query<Member>(BY_ACTOR, [id, workspaceId]))
    return rows[0] && memberIdentity(rows[0], { kind: 'none' })
  },
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
    expiresAt: Math.min(row.expiresAt.getTime(), row.seenAt.getTime() + idleDays() * DAY_MS),
  }
}

function identityOf(session: Session): Identity {
  const { id, personId, role, secondFactor, signedInAt } = session
  const credential = { kind: 'session', id, personId, freshUntil: freshUntil(signedInAt) } as const
  const identity = memberIdentity(session, credential)
  // Until the second factor that the role must have was given, the session has no right at all.
  if (secondFactor || !needsSecondFactor(role)) return identity
  return { ...identity, scopes: new Set(), must: 'second_factor' }
}

function memberIdentity(member: Member, credential: Identity['credential']): Identity {
  const { actorId, workspaceId, role, categories } = member
  return {
    id: actorId,
    kind: 'person',
    workspaceId,
    role,
    scopes: ALL_SCOPES,
    label: null,
    categories: categories && new Set(categories),
    credential,
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
