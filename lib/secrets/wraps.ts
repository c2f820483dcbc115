import type { Actor } from '../access/actor.ts'
import { loadLocalIdentity, systemActor, systemActorIn } from '../access/identify.ts'
import { change } from '../db/change.ts'
import { getRuntime } from '../runtime.ts'
import { INSTALLATION } from './sealed-columns.ts'
import { type DataKey, rewrapped, secretIds, type Wrap } from './sealing.ts'

interface Row {
  workspace_id: string
  id: string
  wraps: Wrap[]
}

export interface Rewrapped {
  /** Data keys that are wrapped with the current secret now. */
  rewrapped: number
  /** Those that no known secret opens: what they sealed has to be entered again. */
  unreadable: number
}

/**
 * Wraps data keys with the current secret that an earlier one wrapped; what they sealed stays as it is. The wrap
 * before stays beside it for instances with the earlier secret, and goes with INCIPIT_SECRET_PREVIOUS. The start
 * calls it; without data keys no secret is read or made.
 */
export async function rewrapDataKeys(): Promise<Rewrapped> {
  const { pool } = getRuntime().database.primary
  const { rows } = await pool.query<Row>('SELECT workspace_id, id, wraps FROM data_key')
  if (rows.length === 0) return { rewrapped: 0, unreadable: 0 }
  const ids = secretIds()
  const stale = rows.filter((row) => nextWraps(row, row.workspace_id, ids) !== undefined)
  let count = 0
  for (const workspaceId of new Set(stale.map((row) => row.workspace_id)))
    count += await rewrapIn(workspaceId, ids)
  const unreadable = rows.filter(({ wraps }) => !wraps.some(({ secret }) => ids.includes(secret))).length
  return { rewrapped: count, unreadable }
}

/** The app itself as it keeps the secrets of a workspace, or of the installation. */
export async function keeperOf(workspaceId: string): Promise<Actor> {
  return workspaceId === INSTALLATION ? systemActor(await loadLocalIdentity()) : systemActorIn(workspaceId)
}

async function rewrapIn(workspaceId: string, ids: readonly string[]): Promise<number> {
  return change(await keeperOf(workspaceId), async ({ tx, record }) => {
    // Another instance may have done it meanwhile.
    const rows = await tx.$queryRaw<Row[]>`SELECT id, wraps FROM data_key
      WHERE workspace_id = ${workspaceId}::uuid ORDER BY id FOR UPDATE`
    let count = 0
    for (const row of rows) {
      const wraps = nextWraps(row, workspaceId, ids)
      if (wraps === undefined) continue
      await tx.$executeRaw`UPDATE data_key SET wraps = ${JSON.stringify(wraps)}::json
        WHERE workspace_id = ${workspaceId}::uuid AND id = ${row.id}::uuid`
      if (wraps.length > 1) count += 1
    }
    if (count > 0)
      record({
        action: 'secret.change',
        target: { kind: 'secret', id: workspaceId, name: 'data keys' },
        after: { data_keys: count },
      })
    return count
  })
}

/**
 * The wraps that a data key should have.
 * @param ids of the secrets that are known here, the current one first
 * @returns undefined: those that it has, or it cannot be opened here
 */
function nextWraps(
  dataKey: DataKey,
  workspaceId: string,
  [current, ...previous]: readonly string[],
): readonly Wrap[] | undefined {
  const [newest, before] = dataKey.wraps
  if (newest === undefined) return undefined
  if (newest.secret !== current)
    // Where the newest wrap is of a secret that is not known here, this instance is the one with the earlier secret.
    return previous.includes(newest.secret) ? rewrapped(dataKey, workspaceId)?.wraps : undefined
  return before === undefined || previous.includes(before.secret) ? undefined : [newest]
}
