import type { Actor } from '../access/actor.ts'
import { type ChangeContext, change } from '../db/change.ts'
import { isAppError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { activeDataKey } from './data-keys.ts'
import { INSTALLATION, SEALED_COLUMNS, type SealedColumn, sealedColumnsOf } from './sealed-columns.ts'
import { type DataKey, open, type SealedPlace, seal, secretIds, type Wrap } from './sealing.ts'
import { keeperOf } from './wraps.ts'

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
 * Seals everything of a workspace, or of the installation, anew that another key than the active data key sealed, some
 * values at a time, each with its row in the audit log. It begins anew where it was interrupted.
 * @param secrets only what these secrets sealed by themselves, in format 1
 */
export async function resealAll(
  actor: Actor,
  workspaceId: string,
  secrets?: readonly string[],
): Promise<Resealed> {
  const all: Resealed = { resealed: 0, unreadable: [] }
  for (const column of sealedColumnsOf(workspaceId)) {
    let after: string | undefined
    do {
      const from = after
      const batch = await change(actor, async (context) => {
        const dataKey = await activeDataKey(context.tx, workspaceId)
        const values = [workspaceId, dataKey.id, from ?? null, secrets ?? null, AT_ONCE]
        const rows = await context.tx.$queryRawUnsafe<Row[]>(selectOf(column), ...values)
        return resealRows(context, { column, workspaceId, dataKey, rows })
      })
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
  for (const column of SEALED_COLUMNS) {
    const { rows } = await pool.query<{ workspace_id: string; secret: string; count: number }>(oldOf(column))
    if (rows.length === 0) continue
    const [current, ...previous] = secretIds()
    const unknown = rows.filter(({ secret }) => secret !== current && !previous.includes(secret))
    found.unreadable += unknown.reduce((sum, { count }) => sum + count, 0)
    const old = rows.filter(({ secret }) => previous.includes(secret))
    for (const workspaceId of new Set(old.map(({ workspace_id }) => workspace_id))) {
      const { resealed, unreadable } = await resealAll(await keeperOf(workspaceId), workspaceId, previous)
      found.resealed += resealed
      found.unreadable += unreadable.length
    }
  }
  return found
}

type Batch = Resealed & { last: string | undefined }

interface Part {
  column: SealedColumn
  workspaceId: string
  dataKey: DataKey
  rows: Row[]
}

async function resealRows(
  { tx, record }: ChangeContext,
  { column, workspaceId, dataKey, rows }: Part,
): Promise<Batch> {
  const { table, target } = column
  const last = rows.length < AT_ONCE ? undefined : rows.at(-1)?.id
  const batch: Batch = { resealed: 0, unreadable: [], last }
  for (const row of rows) {
    const place = { table, column: column.column, workspaceId, id: row.id }
    const plain = opened(row, place)
    if (plain === undefined) {
      batch.unreadable.push(row.name)
      continue
    }
    const sealed = new Uint8Array(seal(plain, dataKey, place))
    await tx.$executeRawUnsafe(updateOf(column), workspaceId, row.id, sealed, dataKey.id)
    batch.resealed += 1
    if (target !== undefined)
      record({
        action: `${target.kind}.reseal`,
        target: { kind: target.kind, id: row.id, name: row.name },
      })
  }
  if (target === undefined && batch.resealed > 0)
    record({
      action: 'secret.reseal',
      target: { kind: 'secret', id: dataKey.id, name: table },
      after: { resealed: batch.resealed },
    })
  return batch
}

function nameOf({ table, id, target }: SealedColumn): string {
  return target === undefined ? `'${table} ' || t.${id}` : `t.${target.name}`
}

function isIn({ isOfInstallation }: SealedColumn, alias: string): string {
  return isOfInstallation ? `$1::uuid = '${INSTALLATION}'` : `${alias}.workspace_id = $1::uuid`
}

/** In the order of ids, as everybody locks these rows. */
function selectOf(column: SealedColumn): string {
  const { table, id, keyId } = column
  return `SELECT t.${id} AS id, ${nameOf(column)} AS name, t.${column.column} AS sealed, t.${keyId} AS key_id, k.wraps
    FROM ${table} t LEFT JOIN data_key k ON k.workspace_id = $1::uuid AND k.id = t.data_key_id
    WHERE ${isIn(column, 't')} AND t.${column.column} IS NOT NULL AND t.${keyId} <> $2
      AND ($3::uuid IS NULL OR t.${id} > $3::uuid) AND ($4::text[] IS NULL OR t.${keyId} = ANY ($4::text[]))
    ORDER BY t.${id} LIMIT $5 FOR NO KEY UPDATE OF t`
}

function updateOf(column: SealedColumn): string {
  const { table, id, keyId } = column
  return `UPDATE ${table} t SET ${column.column} = $3, ${keyId} = $4 WHERE ${isIn(column, 't')} AND t.${id} = $2::uuid`
}

function oldOf({ table, column, keyId, isOfInstallation }: SealedColumn): string {
  const workspace = isOfInstallation ? `'${INSTALLATION}'::uuid` : 'workspace_id'
  return `SELECT ${workspace} AS workspace_id, ${keyId} AS secret, count(*)::integer AS count FROM ${table}
    WHERE ${column} IS NOT NULL AND data_key_id IS NULL GROUP BY 1, 2`
}

function opened(row: Row, place: SealedPlace): string | undefined {
  try {
    return open({ sealed: row.sealed, keyId: row.key_id, wraps: row.wraps }, place)
  } catch (error) {
    if (isAppError(error)) return undefined
    throw error
  }
}
