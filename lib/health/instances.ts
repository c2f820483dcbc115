import { hostname } from 'node:os'
import type pg from 'pg'
import { isoTime } from '../db/columns.ts'
import { newId } from '../id.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { hasSecret } from '../secrets/derive.ts'
import { VERSION } from '../version.ts'
import { buildInfo } from './build-info.ts'
import type { Instance } from './system-schema.ts'

/** Signs of life that may be missing before an instance counts as ended. */
const MISSING = 3
/** Signs of life after which the row of an instance that was killed is deleted. */
const FORGOTTEN = 30

/** Connections of an instance beside its pool: those that watch, and those that listen. */
const BESIDE_POOL = 5

/** The id of this process among the instances. */
export function self(): string {
  return getRuntime().once('health.self', newId)
}

/** The first characters of a commit, as people write it; null where there is none. */
export function shortCommit(commit: string): string | null {
  return commit === 'unknown' ? null : commit.slice(0, 12)
}

const BEAT = `WITH forgotten AS (
    DELETE FROM instance WHERE seen_at < clock_timestamp() - $10 * interval '1 ms' AND id <> $1::uuid
  )
  INSERT INTO instance
    (id, host, pid, version, commit, node, connections, secret, clock_ms, started_at, seen_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
    greatest(-2e9, least(2e9, $11::float8 - extract(epoch FROM clock_timestamp()) * 1000))::integer,
    clock_timestamp() - $9 * interval '1 ms', clock_timestamp())
  ON CONFLICT (id) DO UPDATE
    SET seen_at = excluded.seen_at, clock_ms = excluded.clock_ms, secret = excluded.secret`

/** Gives a sign of life now and every `limits.instance_ms`, and takes this process off the list when it stops. */
export function startHeartbeat(): void {
  const runtime = getRuntime()
  runtime.once('health.heartbeat', () => {
    const beat = () =>
      giveSignOfLife().catch((error: unknown) =>
        runtime.log.debug({ err: error }, 'a sign of life could not be written'),
      )
    const timer = setInterval(() => void beat(), runtime.config.limits.instance_ms)
    timer.unref()
    runtime.onShutdown('drain', 'sign of life', () => clearInterval(timer))
    runtime.onShutdown('close', 'sign of life', () => leave(runtime))
    void beat()
    return timer
  })
}

/** Writes one sign of life of this process. */
export async function giveSignOfLife(): Promise<void> {
  const { config, database, startedAt } = getRuntime()
  if (database.availability.down) return
  const { commit } = buildInfo()
  const values = [
    self(),
    hostname(),
    process.pid,
    VERSION,
    shortCommit(commit),
    process.versions.node,
    connectionsOf(config),
    config.keys.secret !== undefined ? 'environment' : hasSecret() ? 'file' : 'none',
    Date.now() - startedAt,
    FORGOTTEN * config.limits.instance_ms,
    Date.now(),
  ]
  await database.primary.pool.query({ name: 'health.beat', text: BEAT, values })
}

async function leave({ database }: Runtime): Promise<void> {
  if (database.availability.down) return
  await database.primary.pool.query('DELETE FROM instance WHERE id = $1', [self()]).catch(() => undefined)
}

/** The most connections to the primary that an instance with this configuration opens. */
export function connectionsOf({ database }: Pick<Runtime['config'], 'database'>): number {
  return database.pool_size + database.max_overflow + BESIDE_POOL
}

const ALIVE = `SELECT id, host, pid, version, commit, node, connections, secret, clock_ms,
    ${isoTime('started_at')} AS started_at, ${isoTime('seen_at')} AS seen_at
  FROM instance WHERE seen_at > clock_timestamp() - $1 * interval '1 ms' ORDER BY started_at, id`

/**
 * The instances that gave a sign of life lately, the oldest first.
 * @param everyMs `limits.instance_ms`
 */
export async function readInstances(
  connection: Pick<pg.Pool, 'query'>,
  everyMs: number,
): Promise<Instance[]> {
  const { rows } = await connection.query<Instance>(ALIVE, [MISSING * everyMs])
  return rows
}
