import { setTimeout as delay } from 'node:timers/promises'
import { setCredentialResolver } from '../access/credentials.ts'
import { loadLocalIdentity } from '../access/identify.ts'
import { checkStart } from '../access/state.ts'
import { callMetrics } from '../ai/calls/call-metrics.ts'
import { warnOfUnusable } from '../ai/configurations/check-provider.ts'
import { deleteOldSpending } from '../ai/limits/settle-spending.ts'
import { resealKeys } from '../ai/secrets/reseal-keys.ts'
import { passes, reasonOf } from '../db/database-error.ts'
import { prepareDatabase } from '../db/prepare.ts'
import { addQueueMetrics } from '../generations/metrics.ts'
import { endAbandoned } from '../generations/sweeps/end-abandoned.ts'
import { endNotStarted } from '../generations/sweeps/end-not-started.ts'
import { expireGenerations } from '../generations/sweeps/expire-generations.ts'
import { Backoff } from '../log-throttle.ts'
import { expireClients } from '../oauth/expire-clients.ts'
import { tokenResolver } from '../oauth/identify-token.ts'
import { addOutboxMetrics, outbox } from '../outbox/outbox.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { addUpkeepMetrics, startUpkeep, type UpkeepStep } from '../upkeep/upkeep.ts'
import { expireKeys, expireUsage } from '../usage/expire-usage.ts'
import { makePartitions } from '../usage/partitions.ts'
import { addUsageMetrics } from '../usage/record.ts'
import { startUsageWriter, sumUpUsage } from '../usage/writer.ts'
import { seedConfiguration, seedOnce } from './seed.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** All steps of the upkeep. They run in the process, with every runner of functions. */
export const UPKEEP: readonly UpkeepStep[] = [
  // First the work that callers wait for: calls of dead processes, lost runs, work that no instance takes.
  { name: 'end_abandoned', everyMs: MINUTE_MS, run: endAbandoned },
  { name: 'end_not_started', everyMs: MINUTE_MS, run: endNotStarted },
  { name: 'make_partitions', everyMs: HOUR_MS, run: makePartitions },
  { name: 'sum_up_usage', everyMs: HOUR_MS, run: sumUpUsage },
  { name: 'expire_usage', everyMs: HOUR_MS, run: expireUsage },
  { name: 'expire_keys', everyMs: HOUR_MS, run: expireKeys },
  { name: 'expire_clients', everyMs: HOUR_MS, run: expireClients },
  { name: 'expire_generations', everyMs: HOUR_MS, run: expireGenerations },
  { name: 'delete_old_spending', everyMs: HOUR_MS, run: deleteOldSpending },
]

/** One step of the start, with its name in /health/ready. */
export interface Step {
  name: string
  run(runtime: Runtime): Promise<void>
}

const RETRY_MS = 500
const FIRST_REMINDER_MS = 5000
const LONGEST_REMINDER_MS = 300_000

/**
 * Starts the app: migrations, the workspace, the seed, the change feed. It waits for a database that is away (the
 * app answers meanwhile, as not ready); any other failure ends the start.
 * @param more further steps after these
 */
export async function boot(more: readonly Step[] = []): Promise<void> {
  const runtime = getRuntime()
  for (const notice of runtime.config.notices) runtime.log.info(notice)
  for (const warning of runtime.config.warnings) runtime.log.warn(warning)
  if (runtime.config.databaseUrl === undefined)
    throw new Error(
      'DATABASE_URL is not set. Start with `npm start`, which brings a database along, or set it.',
    )
  for (const step of [...STEPS, ...more, LAST_STEP]) await persist(runtime, step)
  runtime.waitingFor = undefined
  if (runtime.phase === 'starting') runtime.phase = 'ready'
}

async function persist(runtime: Runtime, step: Step): Promise<void> {
  runtime.waitingFor = step.name
  const waiting = new Backoff(FIRST_REMINDER_MS, LONGEST_REMINDER_MS)
  while (runtime.phase === 'starting') {
    try {
      return await step.run(runtime)
    } catch (error) {
      if (!passes(error)) throw error
      if (waiting.isDue())
        runtime.log.warn(
          { step: step.name, database: runtime.database.place, reason: reasonOf(error) },
          'the database cannot be used yet; waiting for it',
        )
      await delay(RETRY_MS)
    }
  }
}

const STEPS: Step[] = [
  {
    name: 'migrations',
    run: prepareDatabase,
  },
  {
    name: 'workspace',
    async run(runtime) {
      setCredentialResolver('token', tokenResolver)
      await loadLocalIdentity()
      await checkStart(runtime)
    },
  },
  {
    name: 'seed',
    async run({ log }) {
      const added = await seedOnce()
      if (added > 0) log.info({ added }, 'categories and prompts to begin with were added')
      if (await seedConfiguration()) log.info('the AI configuration "echo" was added')
    },
  },
  {
    name: 'change feed',
    async run({ feed, database }) {
      await feed.start()
      database.replicas.start((workspaceId) => feed.seen(workspaceId))
    },
  },
  {
    name: 'usage',
    async run() {
      startUsageWriter()
      addUsageMetrics()
    },
  },
  {
    name: 'keys of providers',
    async run({ log }) {
      callMetrics()
      await warnOfUnusable()
      const { resealed, unreadable } = await resealKeys()
      if (resealed > 0) log.info({ resealed }, 'stored keys are sealed with the new INCIPIT_SECRET now')
      if (unreadable > 0)
        log.warn(
          { unreadable },
          'stored keys cannot be read: set INCIPIT_SECRET_PREVIOUS, or enter them again',
        )
    },
  },
]

/** The last step: it hands left-over work to the background functions at once. */
const LAST_STEP: Step = {
  name: 'upkeep',
  async run() {
    addOutboxMetrics()
    outbox().start()
    addQueueMetrics()
    addUpkeepMetrics(startUpkeep(UPKEEP))
  },
}
