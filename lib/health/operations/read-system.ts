import type { Actor } from '../../access/actor.ts'
import type { SlowStatement } from '../../db/measures.ts'
import { readMigrationState } from '../../db/migrations/state.ts'
import { shownCaches } from '../../held-metrics.ts'
import { runnerOfJobs } from '../../jobs.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { runningUpkeep } from '../../upkeep/upkeep.ts'
import { buildInfo } from '../build-info.ts'
import { checkHealth, checkReadiness } from '../check-health.ts'
import { readInstances, self, shortCommit } from '../instances.ts'
import { assertMayLookAfter } from '../policy.ts'
import { connectionLimit, readServerFacts } from '../read-database.ts'
import { readLastBackup, readPoisoned, readQueues, readUpkeep } from '../read-work.ts'
import type { System } from '../system-schema.ts'

/**
 * How the installation is. It answers while the database is away as well: then what that would tell is null.
 * @throws forbidden
 */
export const readSystem = operation('readSystem', run)

async function run(actor: Actor): Promise<System> {
  assertMayLookAfter(actor)
  const { recent, startedAt, database: connections } = getRuntime()
  const health = checkHealth()
  const [instances, database, work] = await Promise.all([
    ifAnswered(() => readInstances(primary(), getRuntime().config.limits.instance_ms)),
    ifAnswered(readDatabase),
    ifAnswered(() => readWork(actor)),
  ])
  const { commit } = buildInfo()
  return {
    checked_at: new Date().toISOString(),
    status: health.status,
    checks: checkReadiness().checks,
    app: {
      id: self(),
      version: health.version,
      commit: shortCommit(commit),
      node: process.versions.node,
      started_at: new Date(startedAt).toISOString(),
      uptime_seconds: health.uptime_seconds,
    },
    background_work: { runner: runnerOfJobs() ?? null, state: health.background_work },
    instances,
    database,
    replicas: connections.replicas.all.map(({ name, inUse, lagMs }) => ({
      name,
      in_use: inUse,
      lag_ms: Math.round(lagMs),
    })),
    work,
    caches: shownCaches().map(([name, { size, hits, misses }]) => ({ name, entries: size, hits, misses })),
    recent: recent.list(),
    slow_statements: slowest(connections.measures.slowStatements),
  }
}

/** The longest first. */
function slowest(statements: readonly SlowStatement[]): System['slow_statements'] {
  return statements
    .map(({ at, name, text, ms }) => ({
      name,
      text,
      milliseconds: Math.round(ms),
      at: new Date(at).toISOString(),
    }))
    .toSorted((one, other) => other.milliseconds - one.milliseconds)
}

const primary = () => getRuntime().database.primary.pool

/** null while the database is away, or refuses. */
async function ifAnswered<T>(ask: () => Promise<T>): Promise<T | null> {
  const { database, log } = getRuntime()
  const { availability } = database
  if (availability.down) return null
  try {
    return await availability.guard(ask)
  } catch (error) {
    log.debug({ err: error }, 'the state of the system could not be read from the database')
    return null
  }
}

async function readDatabase(): Promise<NonNullable<System['database']>> {
  const { config } = getRuntime()
  const pool = primary()
  const [facts, migrations] = await Promise.all([
    readServerFacts(pool),
    readMigrationState(pool, config.root),
  ])
  return {
    version: facts.version,
    embedded: config.embedded,
    size_bytes: facts.size,
    connections: {
      used: facts.used,
      limit: connectionLimit(facts),
      own: {
        busy: pool.totalCount - pool.idleCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
        most: config.database.pool_size + config.database.max_overflow,
      },
    },
    migrations: {
      applied: migrations.applied.length,
      last: migrations.applied.at(-1) ?? null,
      pending: migrations.pending,
      unknown: migrations.unknown,
    },
  }
}

async function readWork({ workspaceId }: Actor): Promise<NonNullable<System['work']>> {
  const { config } = getRuntime()
  const tries = config.limits.outbox_tries
  const upkeep = runningUpkeep()
  const [{ queue, outbox }, messages, steps, backup] = await Promise.all([
    readQueues(primary(), tries),
    readPoisoned(primary(), workspaceId, tries),
    readUpkeep(primary(), upkeep?.steps ?? [], upkeep?.failures),
    readLastBackup(primary()),
  ])
  return { queue, outbox: { ...outbox, messages }, upkeep: steps, last_backup_at: backup?.at ?? null }
}
