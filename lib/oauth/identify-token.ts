import type pg from 'pg'
import {
  type CredentialSource,
  inTime,
  nameOf,
  recalled,
  type Verified,
  verifiedIdentity,
} from '../access/access-cache.ts'
import type { Identity } from '../access/actor.ts'
import type { CredentialResolver } from '../access/credentials.ts'
import { roleMay } from '../access/rights.ts'
import type { Role, Scope } from '../access/rules.ts'
import { FACTORS, type Factors, lacksSecondFactor } from '../access/second-factor.ts'
import { onPrimary } from '../db/read.ts'
import { resourceAddress } from './addresses.ts'
import type { ClientScope } from './rules.ts'
import { canBe, hashOf } from './secrets.ts'

/** Recognizes the access tokens of clients. */
export const tokenResolver: CredentialResolver = { identify: identifyToken, current: currentGrant }

/** A grant, with its person's membership as it is now. */
interface Row extends Factors {
  id: string
  workspaceId: string
  actorId: string
  clientId: string
  personActorId: string | null
  revision: number
  resource: string
  scopes: ClientScope[]
  expiresAt: Date | null
  role: Role | null
  categories: string[] | null
  isMember: boolean
}

const COLUMNS = `g.id, g.workspace_id AS "workspaceId", g.actor_id AS "actorId", g.client_id AS "clientId",
    g.person_actor_id AS "personActorId", w.revision::float8 AS revision, g.resource, m.role,
    CASE WHEN NOT m.all_categories THEN m.category_ids END AS categories,
    coalesce(m.deactivated_at IS NULL AND p.deactivated_at IS NULL AND p.id IS NOT NULL, false) AS "isMember",
    ${FACTORS}`

const JOINS = `JOIN workspace w ON w.id = g.workspace_id
  LEFT JOIN member m ON m.workspace_id = g.workspace_id AND m.actor_id = g.person_actor_id
  LEFT JOIN person p ON p.id = m.person_id`

/** A token says by itself which workspace it belongs to. */
const LOCATE = `SELECT workspace_id AS "workspaceId" FROM oauth_token WHERE hash = $1`

const LOAD = `SELECT ${COLUMNS}, t.scopes, t.expires_at AS "expiresAt"
  FROM oauth_token t JOIN oauth_grant g ON g.workspace_id = t.workspace_id AND g.id = t.grant_id ${JOINS}
  WHERE t.hash = $1 AND t.kind = 'access' AND t.expires_at > now()`

const CURRENT = `SELECT ${COLUMNS}, g.scopes, NULL::timestamptz AS "expiresAt" FROM oauth_grant g ${JOINS}
  WHERE g.workspace_id = $1::uuid AND g.id = $2::uuid`

/**
 * The identity of an access token: what its client was given, and of that what its person may do now.
 * @returns undefined for a text that is no token, is unknown, expired, revoked or for another server, and when its
 *   person is gone
 * @throws unavailable, overloaded, rate_limited
 */
function identifyToken(text: string, from?: string): Identity | undefined | Promise<Identity | undefined> {
  const name = nameOf(text)
  const known = recalled(name, 'token')
  return known === undefined ? verifiedIdentity(name, sourceOf(text), from) : inTime(known)
}

function sourceOf(text: string): CredentialSource {
  const values = [hashOf(text)]
  return {
    kind: 'token',
    isPlausible: () => canBe('access', text),
    async locate(pool) {
      const { rows } = await ask(pool, 'oauth.locate', LOCATE, values)
      return rows[0]?.workspaceId
    },
    async load(pool) {
      const { rows } = await ask(pool, 'oauth.load', LOAD, values)
      return rows[0] && verified(rows[0])
    },
  }
}

/** What a client may do now with the scopes that it came with. */
async function currentGrant(identity: Identity): Promise<Identity | undefined> {
  const { credential, workspaceId } = identity
  if (credential.kind !== 'token') return undefined
  const { rows } = await onPrimary(({ pool }) =>
    ask(pool, 'oauth.current', CURRENT, [workspaceId, credential.id]),
  )
  const now = rows[0] && verified(rows[0])?.identity
  return now && { ...now, scopes: new Set([...now.scopes].filter((scope) => identity.scopes.has(scope))) }
}

function ask(pool: pg.Pool, name: string, text: string, values: unknown[]) {
  return pool.query<Row>({ name, text, values })
}

/** undefined: it is nobody's any more, or for another server. */
function verified(row: Row): Verified | undefined {
  const { id, workspaceId, actorId, clientId, personActorId, revision, expiresAt, categories } = row
  if (row.resource !== resourceAddress() || (personActorId !== null && !row.isMember)) return undefined
  // What takes an owner has no scope: no client is one.
  const role = row.role === null || row.role === 'owner' ? 'admin' : row.role
  const mustProve = row.role !== null && lacksSecondFactor(row.role, row)
  const scopes = new Set<Scope>(mustProve ? [] : row.scopes.filter((scope) => roleMay(role, scope)))
  return {
    identity: {
      id: actorId,
      kind: 'client',
      workspaceId,
      role,
      scopes,
      label: null,
      categories: categories && new Set(categories),
      credential: { kind: 'token', id, clientId, personActorId, expiresAt: expiresAt?.getTime() },
      must: mustProve ? 'second_factor' : undefined,
    },
    dependsOn: personActorId === null ? [actorId] : [actorId, personActorId],
    revision,
    expiresAt: expiresAt?.getTime(),
  }
}
