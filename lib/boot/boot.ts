import { setTimeout as delay } from 'node:timers/promises'
import { setCredentialResolver } from '../access/credentials.ts'
import { loadLocalIdentity } from '../access/identify.ts'
import { checkStart } from '../access/state.ts'
import { warnOfUnusable } from '../ai/configurations/check-provider.ts'
import { deleteOldSpending } from '../ai/limits/settle-spending.ts'
import { expireAlerts } from '../alerts/tell/expire-alerts.ts'
import { hearEvents } from '../alerts/tell/hear-events.ts'
import { evaluateAlerts } from '../alerts/watch/evaluate-alerts.ts'
import { expireAudit } from '../audit/expire-audit.ts'
import { passes, reasonOf } from '../db/database-error.ts'
import { prepareDatabase } from '../db/prepare.ts'
import { endAbandoned } from '../generations/sweeps/end-abandoned.ts'
import { endNotStarted } from '../generations/sweeps/end-not-started.ts'
import { expireGenerations } from '../generations/sweeps/expire-generations.ts'
import { startHeartbeat } from '../health/instances.ts'
import { keyResolver } from '../keys/identify-key.ts'
import { Backoff } from '../log-throttle.ts'
import { expireClients } from '../oauth/expire-clients.ts'
import { tokenResolver } from '../oauth/identify-token.ts'
import { outbox } from '../outbox/outbox.ts'
import { expireOutcomes } from '../outcomes/expire-outcomes.ts'
import { setAuthMail } from '../people/auth/account.ts'
import { deleteOldCounts } from '../people/auth/attempts.ts'
import { deleteOldSessions } from '../people/auth/sessions.ts'
import { expireInvitations, forgetFormerMembers } from '../people/expire-people.ts'
import { mailsAreSent, setMailSender } from '../people/mail/mail-target.ts'
import { authMail, sendMails } from '../people/mail/send-mail.ts'
import { makeConfiguredOwner } from '../people/open/configured-owner.ts'
import { followAccessState, makeSetUpLink } from '../people/open/set-up-link.ts'
import { deleteOldLinks } from '../people/resets.ts'
import { syncRepositories } from '../repositories/sync/sync-repositories.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { checkSecret } from '../secrets/known-secret.ts'
import { resealOld } from '../secrets/reseal.ts'
import { rewrapDataKeys } from '../secrets/wraps.ts'
import { expireImports } from '../transfer/expire-imports.ts'
import { startUpkeep, type UpkeepStep } from '../upkeep/upkeep.ts'
import { expireKeys, expireRollUps, expireUsage } from '../usage/expire-usage.ts'
import { makePartitions } from '../usage/recording/partitions.ts'
import { startUsageWriter, sumUpUsage } from '../usage/recording/writer.ts'
import { countSpending } from '../usage/spending/count-spending.ts'
import { expireDeliveries } from '../webhooks/send/expire-deliveries.ts'
import { sendDeliveries } from '../webhooks/send/send-deliveries.ts'
import { setWorkers } from '../webhooks/targets.ts'
import { addMetrics } from './add-metrics.ts'
import { seedConfiguration, seedOnce } from './seed.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** All steps of the upkeep. They run in the process, with every runner of functions. */
export const UPKEEP: readonly UpkeepStep[] = [
  // First the work that callers wait for: calls of dead processes, lost runs, work that no instance takes.
  { name: 'end_abandoned', everyMs: MINUTE_MS, run: endAbandoned },
  { name: 'end_not_started', everyMs: MINUTE_MS, run: endNotStarted },
  { name: 'count_spending', everyMs: MINUTE_MS, run: () => countSpending() },
  { name: 'evaluate_alerts', everyMs: MINUTE_MS, run: evaluateAlerts },
  { name: 'make_partitions', everyMs: HOUR_MS, run: makePartitions },
  { name: 'sum_up_usage', everyMs: 15 * MINUTE_MS, run: sumUpUsage },
  { name: 'expire_usage', everyMs: HOUR_MS, run: expireUsage },
  { name: 'expire_usage_roll_ups', everyMs: HOUR_MS, run: expireRollUps },
  { name: 'expire_keys', everyMs: HOUR_MS, run: expireKeys },
  { name: 'expire_clients', everyMs: HOUR_MS, run: expireClients },
  { name: 'expire_generations', everyMs: HOUR_MS, run: expireGenerations },
  { name: 'expire_outcomes', everyMs: HOUR_MS, run: expireOutcomes },
  { name: 'expire_imports', everyMs: HOUR_MS, run: expireImports },
  { name: 'expire_audit', everyMs: DAY_MS, run: expireAudit },
  { name: 'delete_old_spending', everyMs: HOUR_MS, run: deleteOldSpending },
  { name: 'end_sessions', everyMs: HOUR_MS, run: deleteOldSessions },
  { name: 'forget_sign_ins', everyMs: HOUR_MS, run: deleteOldCounts },
  { name: 'forget_reset_links', everyMs: HOUR_MS, run: deleteOldLinks },
  { name: 'expire_invitations', everyMs: HOUR_MS, run: expireInvitations },
  { name: 'forget_former_members', everyMs: HOUR_MS, run: forgetFormerMembers },
  { name: 'expire_alerts', everyMs: HOUR_MS, run: expireAlerts },
  { name: 'expire_deliveries', everyMs: HOUR_MS, run: expireDeliveries },
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
 * @param onWait called whenever it finds that it has to wait
 */
export async function boot(more: readonly Step[] = [], onWait: () => void = () => undefined): Promise<void> {
  const runtime = getRuntime()
  addMetrics(UPKEEP)
  for (const notice of runtime.config.notices) runtime.log.info(notice)
  for (const warning of runtime.config.warnings) runtime.log.warn(warning)
  if (runtime.config.databaseUrl === undefined)
    throw new Error(
      'DATABASE_URL is not set. Start with `npm start`, which brings a database along, or set it.',
    )
  for (const step of [...STEPS, ...more, LAST_STEP]) await persist(runtime, step, onWait)
  runtime.waitingFor = undefined
  if (runtime.phase === 'starting') runtime.phase = 'ready'
}

async function persist(runtime: Runtime, step: Step, onWait: () => void): Promise<void> {
  runtime.waitingFor = step.name
  const waiting = new Backoff(FIRST_REMINDER_MS, LONGEST_REMINDER_MS)
  while (runtime.phase === 'starting') {
    try {
      return await step.run(runtime)
    } catch (error) {
      if (!passes(error)) throw error
      onWait()
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
      setCredentialResolver('key', keyResolver)
      setCredentialResolver('token', tokenResolver)
      await loadLocalIdentity()
      await checkStart(runtime)
    },
  },
  {
    name: 'secret',
    async run({ log }) {
      await checkSecret()
      const { rewrapped, unreadable } = await rewrapDataKeys()
      if (rewrapped > 0) log.info({ rewrapped }, 'data keys are wrapped with the new INCIPIT_SECRET now')
      const old = await resealOld()
      if (old.resealed > 0) log.info(old, 'stored keys are sealed with the new INCIPIT_SECRET now')
      if (unreadable + old.unreadable > 0)
        log.warn(
          { unreadable: unreadable + old.unreadable },
          'stored keys cannot be read: set INCIPIT_SECRET_PREVIOUS, or enter them again',
        )
    },
  },
  {
    name: 'set-up',
    async run(runtime) {
      await makeConfiguredOwner(runtime)
      await makeSetUpLink(runtime)
      followAccessState(runtime)
      setMailSender(sendMails)
      setWorkers({ events: hearEvents, webhooks: sendDeliveries, repositories: syncRepositories })
      if (mailsAreSent()) setAuthMail(authMail)
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
    },
  },
  {
    name: 'keys of providers',
    async run() {
      await warnOfUnusable()
    },
  },
]

/** The last step: it hands left-over work to the background functions at once. */
const LAST_STEP: Step = {
  name: 'upkeep',
  async run() {
    outbox().start()
    startUpkeep(UPKEEP)
    startHeartbeat()
  },
}
