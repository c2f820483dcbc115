import type pg from 'pg'
import type { LoadedConfig } from '../../config/load.ts'
import type { Log } from '../../log.ts'
import { Availability } from '../availability.ts'
import { type Connection, createConnection, createWatchPool } from '../client.ts'
import { placeOf } from '../connect.ts'
import { reasonOf } from '../database-error.ts'
import type { DatabaseMeasures } from '../measures.ts'
import { withTimeout } from '../timeout.ts'
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
  /** Notes that a read failed: the replica rests until the poll has had an answer. */
  failed(replica: Replica, error: unknown): void
  /**
   * Starts to poll each replica: the poll finds one that hangs, at no request's cost.
   * @param seen the revision of a workspace that the primary certainly has
   */
  start(seen: (workspaceId: string) => number): void
  close(): Promise<void>
}

export function createReplicas(config: LoadedConfig, log: Log, measures: DatabaseMeasures): Replicas {
  const replicas = config.database.replicas.map((url) => new OpenReplica(config, url, log, measures))
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
    failed: (replica, error) => replicas.find((each) => each === replica)?.failed(error),
    start(seen) {
      for (const replica of replicas) replica.start(seen)
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.close()))
    },
  }
}

type Seen = (workspaceId: string) => number

type State = 'in use' | 'away' | 'behind'

class OpenReplica implements Replica {
  readonly name: string
  readonly availability = new Availability()
  readonly #connection: Connection
  readonly #watch: pg.Pool
  readonly #settings: LoadedConfig['database']
  readonly #log: Log
  readonly #lag = createReplicaLag()
  #state: State = 'in use'
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(config: LoadedConfig, url: string, log: Log, measures: DatabaseMeasures) {
    this.name = placeOf(url)
    this.#settings = config.database
    this.#log = log
    const measured = { server: 'replica', measures } as const
    this.#connection = createConnection(config, { url, applicationName: 'incipit-replica', measured }, log)
    this.#watch = createWatchPool(config, url, log).pool
    this.availability.onLoss(() => this.#connection.reset())
  }

  get pool(): pg.Pool {
    return this.#connection.pool
  }

  get lagMs(): number {
    return this.#lag.ms
  }

  get inUse(): boolean {
    return this.#state === 'in use'
  }

  failed(error: unknown): void {
    this.#become('away', reasonOf(error))
    this.availability.report(false)
  }

  start(seen: Seen): void {
    void this.#poll(seen).finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(seen), this.#settings.poll_interval_ms)
    })
  }

  async close(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await Promise.all([this.#connection.close(), this.#watch.end()])
  }

  async #poll(seen: Seen): Promise<void> {
    const { down_after_ms, replica_lag_ms } = this.#settings
    let failure: unknown = `no answer within ${down_after_ms} ms`
    const answer = await withTimeout(readReplicaState(this.#watch), down_after_ms, (error) => {
      failure = error
    })
    if (this.#isStopped) return
    if (answer === undefined) return this.failed(failure)
    this.availability.report(true)
    this.#lag.update(answer, seen)
    this.#become(this.#lag.ms > replica_lag_ms ? 'behind' : 'in use')
  }

  /** Each change of state has one line in the log, however many reads notice it. */
  #become(next: State, reason?: string): void {
    if (next === this.#state) return
    this.#state = next
    const log = this.#log
    const lag_ms = Math.round(this.#lag.ms)
    const fields = { replica: this.name, lag_ms, ...(reason !== undefined && { reason }) }
    if (next === 'away') log.warn(fields, 'a replica does not answer; it rests, and the primary is asked')
    if (next === 'behind') log.warn(fields, 'a replica is too far behind; it rests, and the primary is asked')
    if (next === 'in use') log.info(fields, 'a replica is asked again')
  }
}
