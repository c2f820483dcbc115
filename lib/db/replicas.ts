import type pg from 'pg'
import type { LoadedConfig } from '../config/load.ts'
import type { Log } from '../log.ts'
import { type Availability, createAvailability } from './availability.ts'
import { createConnection, createWatchPool } from './client.ts'
import { reasonOf } from './database-error.ts'
import { waitPatiently } from './patience.ts'
import { placeOf } from './connect.ts'
import { createReplicaLag, readReplicaState } from './replica-lag.ts'

/** A server for reads that may lag a little. */
export interface Replica {
  /** Host, port and database. */
  readonly name: string
  readonly pool: pg.Pool
  readonly availability: Availability
  /** How far it is behind the primary; 0 when that is not known. */
  readonly lagMs: number
  /** Whether it is asked: it answers, and it is not too far behind. */
  readonly inUse: boolean
}

export interface Replicas {
  readonly all: readonly Replica[]
  /** The next one in turn that is in use. */
  next(): Replica | undefined
  /** Says that a read failed: the replica rests until the poll has had an answer. */
  failed(replica: Replica, error: unknown): void
  /**
   * Begins to look at each replica now and then: one that hangs is found by that, at nobody's cost.
   * @param seen the revision of a workspace that the primary has for sure
   */
  start(seen: (workspaceId: string) => number): void
  close(): Promise<void>
}

export function createReplicas(config: LoadedConfig, log: Log): Replicas {
  const replicas = config.database.replicas.map((url) => openReplica(config, url, log))
  let turn = 0
  return {
    all: replicas,
    next() {
      for (let tries = 0; tries < replicas.length; tries++) {
        const replica = replicas[turn++ % replicas.length]
        if (replica?.inUse === true) return replica
      }
      return undefined
    },
    failed: (replica, error) => replicas.find((each) => each === replica)?.found(error),
    start(seen) {
      for (const replica of replicas) replica.start(seen)
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.close()))
    },
  }
}

interface OpenReplica extends Replica {
  found(error: unknown): void
  start(seen: (workspaceId: string) => number): void
  close(): Promise<void>
}

function openReplica(config: LoadedConfig, url: string, log: Log): OpenReplica {
  const { replica_lag_ms, poll_interval_ms, down_after_ms } = config.database
  const name = placeOf(url)
  const connection = createConnection(config, { url, applicationName: 'incipit-replica' }, log)
  const watch = createWatchPool(config, url, log)
  const availability = createAvailability()
  const lag = createReplicaLag()
  availability.onLoss(() => connection.reset())
  let state: 'in use' | 'away' | 'behind' = 'in use'
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  /** One line for each change of state, however many reads notice it. */
  function become(next: typeof state, reason?: string): void {
    if (next === state) return
    state = next
    const fields = { replica: name, lag_ms: Math.round(lag.ms), ...(reason !== undefined && { reason }) }
    if (next === 'away') log.warn(fields, 'a replica does not answer; it rests, and the primary is asked')
    if (next === 'behind') log.warn(fields, 'a replica is too far behind; it rests, and the primary is asked')
    if (next === 'in use') log.info(fields, 'a replica is asked again')
  }

  function found(error: unknown): void {
    become('away', reasonOf(error))
    availability.report(false)
  }

  async function look(seen: (workspaceId: string) => number): Promise<void> {
    let failure: unknown = `no answer within ${down_after_ms} ms`
    const answer = await waitPatiently(readReplicaState(watch.pool), down_after_ms, (error) => {
      failure = error
    })
    if (stopped) return
    if (answer === undefined) return found(failure)
    availability.report(true)
    lag.update(answer, seen)
    become(lag.ms > replica_lag_ms ? 'behind' : 'in use')
  }

  function start(seen: (workspaceId: string) => number): void {
    void look(seen).finally(() => {
      if (!stopped) timer = setTimeout(() => start(seen), poll_interval_ms)
    })
  }

  return {
    name,
    pool: connection.pool,
    availability,
    get lagMs() {
      return lag.ms
    },
    get inUse() {
      return state === 'in use'
    },
    found,
    start,
    async close() {
      stopped = true
      clearTimeout(timer)
      await Promise.all([connection.close(), watch.pool.end()])
    },
  }
}
