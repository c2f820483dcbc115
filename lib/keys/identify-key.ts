import type pg from 'pg'
import {
  type CredentialSource,
  inTime,
  nameOf,
  recalled,
  type Verified,
  verifiedIdentity,
} from '../access/access-cache.ts'
import { ALL_SCOPES, type Identity } from '../access/actor.ts'
import type { CredentialResolver } from '../access/credentials.ts'
import { roleMay } from '../access/rights.ts'
import type { Role, Scope } from '../access/rules.ts'
import { FACTORS, type Factors, lacksSecondFactor } from '../access/second-factor.ts'
import { onPrimary } from '../db/read.ts'
import { earlierHashes, hashKey } from './hash.ts'
import { isKeyText } from './key-text.ts'
import { keyUses } from './key-uses.ts'
import { NOT_FOR_SERVICES, NOT_UNDER_A_PIN } from './rules.ts'

/** Recognizes keys. */
export const keyResolver: CredentialResolver = { identify: identifyKey, current: currentKey }

/**
 * The identity of a key: what it was given, and of that what its person may do now.
 * @returns undefined for a text that is no key, is unknown, revoked or expired, and when its person is gone
 * @throws unavailable, overloaded, rate_limited
 */
function identifyKey(text: string, from?: string): Identity | undefined | Promise<Identity | undefined> {
  const name = nameOf(text)
  const known = recalled(name, 'key')
  return known === undefined ? lookUp(name, text, from) : used(inTime(known))
}

async function lookUp(name: string, text: string, from: string | undefined) {
  const source: CredentialSource = {
    kind: 'key',
    isPlausible: () => isKeyText(text),
    locate: (pool) => locate(pool, text),
    load: (pool) => load(pool, text),
  }
  return used(await verifiedIdentity(name, source, from))
}

function used(identity: Identity | undefined): Identity | undefined {
  if (identity !== undefined) keyUses().note(identity.workspaceId, identity.id)
  return identity
}

/** What a key may do now, whichever of its texts it came with. */
async function currentKey({ workspaceId, id }: Identity): Promise<Identity | undefined> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Row>({ name: 'keys.current', text: CURRENT, values: [workspaceId, id] }),
  )
  const found = rows[0] && verified(rows[0])
  return found !== undefined && isOpen(found) ? found.identity : undefined
}

function isOpen({ expiresAt }: Verified): boolean {
  return expiresAt === undefined || expiresAt > Date.now()
}

/** A key, with its person's membership as it is now. */
interface Row extends Factors {
  hash: Buffer
  workspace_id: string
  revision: number
  id: string
  person_actor_id: string | null
  scopes: string[]
  label: string | null
  category_ids: string[] | null
  ends_at: Date | null
  role: Role | null
  person_category_ids: string[] | null
  is_member: boolean
}

const FOUND = `SELECT s.hash, k.workspace_id, w.revision::float8 AS revision, k.id, k.person_actor_id, k.scopes, k.label,
    CASE WHEN NOT k.all_categories THEN k.category_ids END AS category_ids, least(k.expires_at, s.ends_at) AS ends_at, m.role, CASE WHEN NOT m.all_categories THEN m.category_ids END AS person_category_ids,
    coalesce(m.deactivated_at IS NULL AND p.deactivated_at IS NULL AND p.id IS NOT NULL, false) AS is_member,
    ${FACTORS}
  FROM api_key_secret s
  JOIN api_key k ON k.workspace_id = s.workspace_id AND k.id = s.key_id
  JOIN workspace w ON w.id = k.workspace_id
  LEFT JOIN member m ON m.workspace_id = k.workspace_id AND m.actor_id = k.person_actor_id
  LEFT JOIN person p ON p.id = m.person_id`

/** A text says by itself which workspace it belongs to. */
const LOCATE = 'SELECT workspace_id FROM api_key_secret WHERE hash = ANY ($1::bytea[])'
const LOAD = `${FOUND} WHERE s.hash = ANY ($1::bytea[])`
const CURRENT = `${FOUND} WHERE k.workspace_id = $1::uuid AND k.id = $2::uuid AND s.ends_at IS NULL`

async function locate(pool: pg.Pool, text: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ workspace_id: string }>({
    name: 'keys.locate',
    text: LOCATE,
    values: [hashesOf(text)],
  })
  return rows[0]?.workspace_id
}

async function load(pool: pg.Pool, text: string): Promise<Verified | undefined> {
  const { rows } = await pool.query<Row>({ name: 'keys.load', text: LOAD, values: [hashesOf(text)] })
  const [row] = rows
  if (row === undefined) return undefined
  const today = hashKey(text)
  if (!row.hash.equals(today)) await hashAnew(pool, row, today)
  return verified(row)
}

function hashesOf(text: string): Buffer[] {
  return [hashKey(text), ...earlierHashes(text)]
}

/** It was hashed with an earlier INCIPIT_SECRET, which can go once every key in use has come by. */
async function hashAnew(pool: pg.Pool, { workspace_id, hash: old }: Row, today: Buffer): Promise<void> {
  await pool.query({
    name: 'keys.hash-anew',
    text: 'UPDATE api_key_secret SET hash = $3 WHERE workspace_id = $1::uuid AND hash = $2',
    values: [workspace_id, old, today],
  })
}

/** undefined: it is nobody's any more. */
function verified(row: Row): Verified | undefined {
  const { workspace_id: workspaceId, id, label, person_actor_id: personActorId, ends_at, revision } = row
  if (personActorId !== null && !row.is_member) return undefined
  const role = roleOf(row)
  const expiresAt = ends_at?.getTime()
  const mustProve = row.role !== null && lacksSecondFactor(row.role, row)
  return {
    identity: {
      id,
      kind: 'key',
      workspaceId,
      role,
      scopes: mustProve ? new Set() : scopesOf(row, role),
      label,
      categories: categoriesOf(row),
      credential: { kind: 'key', id, personActorId, expiresAt },
      must: mustProve ? 'second_factor' : undefined,
    },
    dependsOn: personActorId === null ? [id] : [id, personActorId],
    revision,
    expiresAt,
  }
}

/** What takes an owner has no scope, so that no key could be kept from it: a key is never one. */
function roleOf({ role }: Row): Role {
  return role === null || role === 'owner' ? 'admin' : role
}

function scopesOf({ scopes, label, person_actor_id }: Row, role: Role): ReadonlySet<Scope> {
  const given = [...ALL_SCOPES].filter((scope) => scopes.includes(scope))
  return new Set(
    given.filter(
      (scope) =>
        roleMay(role, scope) &&
        !(person_actor_id === null && NOT_FOR_SERVICES.includes(scope)) &&
        !(label !== null && NOT_UNDER_A_PIN.includes(scope)),
    ),
  )
}

function categoriesOf({ category_ids: given, person_category_ids: own }: Row): ReadonlySet<string> | null {
  if (given === null || own === null) return given === null && own === null ? null : new Set(given ?? own)
  return new Set(given.filter((id) => own.includes(id)))
}
