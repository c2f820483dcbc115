import type { Actor } from '../access/actor.ts'
import { systemActorIn } from '../access/identify.ts'
import { change } from '../db/change.ts'
import { isAppError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { activeDataKey } from './data-keys.ts'
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts'
import { open, type Sealed, type SealedPlace, seal, secretIds, type Wrap } from './sealing.ts'

/** Values of one transaction. */
const AT_ONCE = 50

interface Row {
  id: string
  name: string
  sealed: Uint8Array
  key_id: string
  wraps: Wrap[] | null
}

export interface Resealed {
  resealed: number
  /** Names of what no secret that is known here opens: it has to be entered again. */
  unreadable: string[]
}

/**
 * Seals everything in the actor's workspace anew that another key than the active data key sealed, some values at a
 * time, each with its row in the audit log. It begins anew where it was interrupted.
 * @param secrets only what these secrets sealed by themselves, in format 1
 */
export async function resealAll(actor: Actor, secrets?: readonly string[]): Promise<Resealed> {
  const all: Resealed = { resealed: 0, unreadable: [] }
  for (const column of SEALED_COLUMNS) {
    let after: string | undefined
    do {
      const batch = await resealBatch(actor, column, after, secrets)
      all.resealed += batch.resealed
      all.unreadable.push(...batch.unreadable)
      after = batch.last
    } while (after !== undefined)
  }
  return all
}

/**
 * Seals what earlier secrets sealed by themselves, in format 1, so that INCIPIT_SECRET_PREVIOUS can go. What the
 * current secret sealed so stays for `rotateDataKey`: instances of the release before can read it until they go.
 * @returns how many were sealed anew, and how many no secret that is known here opens
 */
export async function resealOld(): Promise<{ resealed: number; unreadable: number }> {
  const { pool } = getRuntime().database.primary
  const found = { resealed: 0, unreadable: 0 }
  for (const { table, column, keyId } of SEALED_COLUMNS) {
    const { rows } = await pool.query<{ workspace_id: string; secret: string; count: number }>(
      `SELECT workspace_id, ${keyId} AS secret, count(*)::integer AS count FROM ${table}
       WHERE ${column} IS NOT NULL AND data_key_id IS NULL GROUP BY workspace_id, ${keyId}`,
    )
    if (rows.length === 0) continue
    const [current, ...previous] = secretIds()
    const unknown = rows.filter(({ secret }) => secret !== current && !previous.includes(secret))
    found.unreadable += unknown.reduce((sum, { count }) => sum + count, 0)
    const old = rows.filter(({ secret }) => previous.includes(secret))
    for (const workspaceId of new Set(old.map(({ workspace_id }) => workspace_id))) {
      const { resealed, unreadable } = await resealAll(await systemActorIn(workspaceId), previous)
      found.resealed += resealed
      found.unreadable += unreadable.length
    }
  }
  return found
}

type Batch = Resealed & { last: string | undefined }

function resealBatch(
  actor: Actor,
  column: SealedColumn,
  after: string | undefined,
  secrets: readonly string[] | undefined,
): Promise<Batch> {
  const { workspaceId } = actor
  return change(actor, async ({ tx, record }) => {
    const dataKey = await activeDataKey(tx, workspaceId)
    const values = [workspaceId, dataKey.id, after ?? null, secrets ?? null, AT_ONCE]
    const rows = await tx.$queryRawUnsafe<Row[]>(selectOf(column), ...values)
    const batch: Batch = {
      resealed: 0,
      unreadable: [],
      last: rows.length < AT_ONCE ? undefined : rows.at(-1)?.id,
    }
    for (const row of rows) {
      const place = { table: column.table, column: column.column, workspaceId, id: row.id }
      const plain = opened(row, place)
      if (plain === undefined) {
        batch.unreadable.push(row.name)
        continue
      }
      const sealed = new Uint8Array(seal(plain, dataKey, place))
      await tx.$executeRawUnsafe(updateOf(column), workspaceId, row.id, sealed, dataKey.id)
      record({ action: `${column.kind}.reseal`, target: { kind: column.kind, id: row.id, name: row.name } })
      batch.resealed += 1
    }
    return batch
  })
}

/** In the order of ids, as everybody locks these rows. */
function selectOf({ table, column, keyId, name }: SealedColumn): string {
  return `SELECT t.id, t.${name} AS name, t.${column} AS sealed, t.${keyId} AS key_id, k.wraps
    FROM ${table} t LEFT JOIN data_key k ON k.workspace_id = t.workspace_id AND k.id = t.data_key_id
    WHERE t.workspace_id = $1::uuid AND t.${column} IS NOT NULL AND t.${keyId} <> $2 AND ($3::uuid IS NULL OR t.id > $3::uuid)
      AND ($4::text[] IS NULL OR t.${keyId} = ANY ($4::text[]))
    ORDER BY t.id LIMIT $5 FOR NO KEY UPDATE OF t`
}

function updateOf({ table, column, keyId }: SealedColumn): string {
  return `UPDATE ${table} SET ${column} = $3, ${keyId} = $4 WHERE workspace_id = $1::uuid AND id = $2::uuid`
}

function opened(row: Row, place: SealedPlace): string | undefined {
  const value: Sealed = { sealed: row.sealed, keyId: row.key_id, wraps: row.wraps }
  try {
    return open(value, place)
  } catch (error) {
    if (isAppError(error)) return undefined
    throw error
  }
}
