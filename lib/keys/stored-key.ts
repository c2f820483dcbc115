import type { Actor } from '../access/actor.ts'
import type { Scope } from '../access/rules.ts'
import type { Tx } from '../db/client.ts'
import { isoTime } from '../db/columns.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { hashKey } from './hash.ts'
import { maySee } from './policy.ts'
import type { ApiKey } from './schema.ts'

const DAY_MS = 86_400_000

/** A key as a change finds it. */
export interface KeyRow {
  id: string
  name: string
  prefix: string
  person_actor_id: string | null
  scopes: Scope[]
  label: string | null
  category_ids: string[] | null
  expires_at: Date | null
  /** When its text of today was made; null: it is revoked. */
  text_made_at: Date | null
}

/**
 * Locks a key that the actor sees.
 * @throws not_found
 */
export async function lockKey(tx: Tx, actor: Actor, id: string): Promise<KeyRow> {
  const [row] = await tx.$queryRaw<KeyRow[]>`
    SELECT k.id, k.name, k.prefix, k.person_actor_id, k.scopes, k.label,
      CASE WHEN NOT k.all_categories THEN k.category_ids END AS category_ids, k.expires_at,
      (SELECT s.created_at FROM api_key_secret s
        WHERE s.workspace_id = k.workspace_id AND s.key_id = k.id AND s.ends_at IS NULL) AS text_made_at
    FROM api_key k WHERE k.workspace_id = ${actor.workspaceId}::uuid AND k.id = ${id}::uuid FOR UPDATE OF k`
  if (row === undefined || !maySee(actor, row)) throw appError('not_found', `There is no key ${id}.`)
  return row
}

/** Writes the text that a key has from now on; it must have no other one of today. */
export async function writeText(
  tx: Tx,
  { workspaceId }: Actor,
  key: { id: string; person_actor_id: string | null },
  text: string,
): Promise<void> {
  await tx.$executeRaw`INSERT INTO api_key_secret (hash, workspace_id, key_id, person_actor_id)
    VALUES (${hashKey(text)}, ${workspaceId}::uuid, ${key.id}::uuid, ${key.person_actor_id}::uuid)`
}

const actor = (column: string) => `(SELECT json_build_object('id', a.id, 'display', a.display) FROM actor a
    WHERE a.workspace_id = k.workspace_id AND a.id = ${column})`

/** The columns of what callers see of keys `k`. */
export const KEY_COLUMNS = `k.id, k.name, CASE WHEN k.person_actor_id IS NULL THEN 'service' ELSE 'personal' END AS kind,
  k.prefix, k.scopes, k.label,
  CASE WHEN NOT k.all_categories THEN (
    SELECT coalesce(json_agg(c.slug ORDER BY c.position, c.slug), '[]') FROM category c
    WHERE c.workspace_id = k.workspace_id AND c.id = ANY (k.category_ids)) END AS categories,
  ${actor('k.person_actor_id')} AS person, ${actor('k.created_by')} AS created_by,
  ${isoTime('k.created_at')} AS created_at, ${isoTime('k.expires_at')} AS expires_at,
  ${isoTime('k.last_used_at')} AS last_used_at, ${isoTime('previous.ends_at')} AS previous_until,
  today.hash IS NULL AS is_revoked`

/** Their joins: the text of today, and the end of the newest one before it. */
export const KEY_JOINS = `LEFT JOIN api_key_secret today
    ON today.workspace_id = k.workspace_id AND today.key_id = k.id AND today.ends_at IS NULL
  LEFT JOIN LATERAL (SELECT max(s.ends_at) AS ends_at FROM api_key_secret s
    WHERE s.workspace_id = k.workspace_id AND s.key_id = k.id AND s.ends_at > clock_timestamp()) previous ON true`

export type FoundKey = Omit<ApiKey, 'status'> & { is_revoked: boolean }

/** A key as callers see it. */
export function keyAnswer({ is_revoked, ...key }: FoundKey): ApiKey {
  return { ...key, status: is_revoked ? 'revoked' : statusOf(key) }
}

function statusOf({
  expires_at,
  previous_until,
}: Pick<ApiKey, 'expires_at' | 'previous_until'>): ApiKey['status'] {
  const left = expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at) - Date.now()
  if (left <= 0) return 'expired'
  if (isSoon(left)) return 'expires_soon'
  return previous_until === null ? 'active' : 'rotating'
}

function isSoon(left: number): boolean {
  return left <= getRuntime().config.security.key_notice_days * DAY_MS
}

/** The key as the transaction leaves it. */
export async function readKey(tx: Tx, { workspaceId }: Actor, id: string): Promise<ApiKey> {
  const [row] = await tx.$queryRawUnsafe<FoundKey[]>(
    `SELECT ${KEY_COLUMNS} FROM api_key k ${KEY_JOINS} WHERE k.workspace_id = $1::uuid AND k.id = $2::uuid`,
    workspaceId,
    id,
  )
  if (row === undefined) throw new Error('The key that was just written is not there.')
  return keyAnswer(row)
}

/** When a key ends that is made now and of which nothing else was said. */
export function usualEnd(): Date {
  return new Date(Date.now() + getRuntime().config.security.key_days * DAY_MS)
}
