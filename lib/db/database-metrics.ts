import { addGauge, mirrorCounts, mirrorDurations } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'
import type { SlowStatement } from './measures.ts'

/** The slow statements of this process that came last, the newest first; `limits.slow_statements` at most. */
export function slowStatements(): SlowStatement[] {
  return getRuntime().database.measures.slowStatements
}

/** Adds connections, statements, replicas and the feed of changes to /metrics. */
export function addDatabaseMetrics(): void {
  addState()
  addPool()
  addStatements()
  addReplicas()
}

function addState(): void {
  addGauge({
    name: 'incipit_database_up',
    help: '1 while the database answers; 0 until it was first reached',
    collect() {
      this.set(getRuntime().database.availability.up ? 1 : 0)
    },
  })
  addGauge({
    name: 'incipit_database_trouble',
    help: '1 while a database that answers refuses work: its disk is full, it is read-only, has no connection left, or others hold its locks',
    labelNames: ['trouble'],
    collect() {
      const { troubles } = getRuntime().database
      for (const trouble of ['storage_full', 'read_only', 'overloaded', 'lock_timeout'] as const)
        this.set({ trouble }, troubles.has(trouble) ? 1 : 0)
    },
  })
  addGauge({
    name: 'incipit_change_feed_ready',
    help: '1 while changes of other instances are heard',
    collect() {
      this.set(getRuntime().feed.ready ? 1 : 0)
    },
  })
}

function addPool(): void {
  addGauge({
    name: 'incipit_database_connections',
    help: 'Connections of the pool by state; waiting: requests without one',
    labelNames: ['state'],
    collect() {
      const { totalCount, idleCount, waitingCount } = getRuntime().database.primary.pool
      this.set({ state: 'busy' }, totalCount - idleCount)
      this.set({ state: 'idle' }, idleCount)
      this.set({ state: 'waiting' }, waitingCount)
    },
  })
  addGauge({
    name: 'incipit_database_connections_limit',
    help: 'Connections that the pool may have: database.pool_size and database.max_overflow',
    collect() {
      const { pool_size, max_overflow } = getRuntime().config.database
      this.set(pool_size + max_overflow)
    },
  })
}

function addStatements(): void {
  const { measures } = getRuntime().database
  const labelNames = ['server', 'outcome']
  mirrorDurations(
    {
      name: 'incipit_database_wait_seconds',
      help: 'Time until a connection was free; outcome: ok, failed',
      labelNames,
    },
    measures.waits,
  )
  mirrorDurations(
    {
      name: 'incipit_database_statement_seconds',
      help: 'Time of statements, their way to the server and back included',
      labelNames,
    },
    measures.statements,
  )
  mirrorCounts(
    {
      name: 'incipit_database_slow_statements_total',
      help: 'Statements that took longer than limits.slow_statement_ms, by our name of them; queue: those of the runner of functions; other: without a name',
      labelNames: ['statement'],
    },
    () => measures.slow,
  )
}

function addReplicas(): void {
  addGauge({
    name: 'incipit_replica_up',
    help: '1 while a replica answers and is near enough to be asked',
    labelNames: ['replica'],
    collect() {
      for (const { name, inUse } of getRuntime().database.replicas.all)
        this.set({ replica: name }, inUse ? 1 : 0)
    },
  })
  addGauge({
    name: 'incipit_replica_lag_seconds',
    help: 'How far a replica is behind the primary',
    labelNames: ['replica'],
    collect() {
      for (const { name, lagMs } of getRuntime().database.replicas.all)
        this.set({ replica: name }, lagMs / 1000)
    },
  })
}
