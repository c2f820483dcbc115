import { setTimeout as delay } from 'node:timers/promises'
import { onPrimary } from '../../db/read.ts'
import { getRuntime } from '../../runtime.ts'
import type { Target } from '../streaming/read-progress.ts'
import type { StoredAttempt } from './attempt.ts'

/**
 * When the attempts that run gave their last sign of life, by their ids. Signs are compared with each other and
 * with no clock: an outage of the database makes nobody look dead.
 */
export type Signs = ReadonlyMap<string, number | undefined>

type Signing = Pick<StoredAttempt, 'id' | 'status' | 'alive_at'>

export function signsOf(attempts: readonly Signing[]): Signs {
  const running = attempts.filter(({ status }) => status === 'running')
  return new Map(running.map(({ id, alive_at }) => [id, alive_at?.getTime()]))
}

/** Whether one of them has begun, or given a sign, since others were seen. */
export function isAnyAlive(signs: Signs, before: Signs): boolean {
  return [...signs].some(([id, sign]) => !before.has(id) || before.get(id) !== sign)
}

/** Watches attempts for `ai.silent_ms`. @returns those that gave no sign and have not ended */
export async function findSilent(attemptIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (attemptIds.length === 0) return new Set()
  const before = signsOf(await read(attemptIds))
  await delay(getRuntime().config.ai.silent_ms)
  const after = signsOf(await read(attemptIds))
  return new Set(
    [...after].filter(([id, sign]) => before.has(id) && before.get(id) === sign).map(([id]) => id),
  )
}

/** Whether some process makes a call for a generation; takes `ai.silent_ms` when one has begun. */
export async function isCallAlive({ workspaceId, id }: Target): Promise<boolean> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ id: string }>(
      `SELECT id FROM generation_attempt
       WHERE workspace_id = $1::uuid AND generation_id = $2::uuid AND status = 'running'`,
      [workspaceId, id],
    ),
  )
  const ids = rows.map((row) => row.id)
  return ids.length > (await findSilent(ids)).size
}

async function read(attemptIds: readonly string[]): Promise<Signing[]> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<Signing>('SELECT id, status, alive_at FROM generation_attempt WHERE id = ANY($1::uuid[])', [
      attemptIds,
    ]),
  )
  return rows
}
