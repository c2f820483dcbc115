import type pg from 'pg'
import { z } from 'zod'

/** What a replica says of itself. */
const ReplicaState = z.object({
  revisions: z.array(z.object({ id: z.string(), revision: z.number() })),
  /** Milliseconds since the last replayed commit while more has arrived than was replayed; else null. */
  unreplayed_ms: z.number().nullable(),
})
export type ReplicaState = z.infer<typeof ReplicaState>

const STATE = `SELECT
  coalesce((SELECT json_agg(json_build_object('id', id, 'revision', revision)) FROM workspace), '[]') AS revisions,
  CASE WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() <> pg_last_wal_replay_lsn()
    THEN (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8
  END AS unreplayed_ms`

export async function readReplicaState(pool: pg.Pool): Promise<ReplicaState> {
  const { rows } = await pool.query(STATE)
  return ReplicaState.parse(rows[0])
}

/** How far a replica is behind, of what it said now and before. */
export interface ReplicaLag {
  readonly ms: number
  update(state: ReplicaState, seen: (workspaceId: string) => number): void
}

/**
 * A replica is as far behind as the oldest revision is old that the primary is known to have and the replica
 * has not, or as what it has received and not replayed. The latter counts from when it was first found so:
 * after an idle night the first commit to arrive finds the last replayed one hours old.
 */
export function createReplicaLag(now: () => number = () => performance.now()): ReplicaLag {
  const wanted = new Map<string, { revision: number; since: number }>()
  let unreplayedSince: number | undefined
  let ms = 0

  function revisionLag(id: string, revision: number, seen: number): number {
    const want = wanted.get(id)
    if (want !== undefined && revision < want.revision) return now() - want.since
    if (seen > revision) wanted.set(id, { revision: seen, since: now() })
    else wanted.delete(id)
    return 0
  }

  return {
    get ms() {
      return ms
    },
    update({ revisions, unreplayed_ms }, seen) {
      if (unreplayed_ms === null) unreplayedSince = undefined
      else unreplayedSince ??= now()
      const unreplayed = Math.min(unreplayed_ms ?? 0, now() - (unreplayedSince ?? now()))
      ms = Math.max(unreplayed, ...revisions.map(({ id, revision }) => revisionLag(id, revision, seen(id))))
    },
  }
}
