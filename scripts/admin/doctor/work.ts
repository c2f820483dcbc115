import { inngestMode } from '#inngest/mode.ts'
import { UPKEEP } from '#lib/boot/boot.ts'
import { readLastBackup, readQueues, readUpkeep } from '#lib/health/read-work.ts'
import { VERSION } from '#lib/version.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { checkInngest } from './inngest.ts'
import type { Subject } from './subject.ts'
import { length } from './words.ts'

const OPERATING = 'docs/operating.md'
const INNGEST = 'docs/inngest.md'
/** Work that waits for longer is told. */
const OLD_MS = 120_000
const DAY_MS = 86_400_000
const OLD_BACKUP_MS = 7 * DAY_MS
/** Partitions that are there ahead of time, today's among them. */
const AHEAD_DAYS = 3
const LATE_DAYS = 30

/** The processes that serve this database. */
export function checkInstances({ instances }: Subject): Finding[] {
  const check = 'instances'
  if (instances.length === 0)
    return [
      warning(check, 'No instance gives a sign of life.', {
        remedy: 'Start one with npm start, or see its log for why it does not.',
        document: OPERATING,
      }),
    ]
  const versions = [...new Set(instances.map(({ version }) => version))]
  const seen = `${instances.length} ${instances.length === 1 ? 'is' : 'are'} alive, version ${versions.join(' and ')}.`
  if (versions.length > 1 || !versions.includes(VERSION))
    return [
      warning(check, `${seen} This command is of version ${VERSION}.`, {
        remedy: 'Bring all of them to one version, unless you are upgrading them one by one.',
        document: 'docs/upgrading.md, "Several instances"',
      }),
    ]
  return [ok(check, seen)]
}

/** Who runs the functions, and whether work waits for too long. */
export async function checkRunner(subject: Subject): Promise<Finding[]> {
  const { client, config, instances } = subject
  const { queue } = await readQueues(client, config.limits.outbox_tries)
  const found = inngestMode(config) === 'server' ? await checkInngest(subject) : []
  const waits = queue.oldest_seconds * 1000
  if (waits > OLD_MS && queue.running === 0)
    found.push(
      problem(
        'runner',
        `${queue.queued} generations are queued, the oldest for ${length(waits)}, and none runs.`,
        {
          remedy:
            instances.length === 0
              ? 'Start an instance.'
              : 'See the log of the instances for what keeps them from it.',
          document: INNGEST,
        },
      ),
    )
  if (found.length > 0) return found
  const who =
    inngestMode(config) === 'server' ? 'An Inngest server calls the functions' : 'The embedded runner is used'
  return [ok('runner', `${who}; ${queue.queued} generations wait, ${queue.running} run.`)]
}

/** Whether the steps of the upkeep come in their time. */
export async function checkUpkeep({ client, instances }: Subject): Promise<Finding[]> {
  const steps = await readUpkeep(client, UPKEEP)
  const late = steps.filter((step) => step.late).map(({ step }) => step)
  if (late.length === 0) return [ok('upkeep', 'Every step came in its time.')]
  return [
    problem('upkeep', `These steps are late: ${late.join(', ')}.`, {
      remedy:
        instances.length === 0
          ? 'Start an instance: each does the upkeep.'
          : 'See the log for why they fail, and run one by hand: npm run admin -- upkeep run STEP.',
      document: 'docs/operating.md, "Upkeep"',
    }),
  ]
}

/** Whether the days to come have their partition of the usage, and no day has lost its own. */
export async function checkPartitions({ client }: Subject): Promise<Finding[]> {
  const { rows } = await client.query<{ missing: string[]; strays: string[] }>(PARTITIONS, [
    AHEAD_DAYS,
    LATE_DAYS,
  ])
  const { missing = [], strays = [] } = rows[0] ?? {}
  const advice = {
    remedy: 'Make them: npm run admin -- upkeep run make_partitions.',
    document: 'docs/operating.md, "Upkeep"',
  }
  if (missing.length > 0)
    return [problem('partitions', `There is no partition of the usage for ${missing.join(', ')}.`, advice)]
  if (strays.length > 0)
    return [
      warning('partitions', `Uses of these days lie in the default partition: ${strays.join(', ')}.`, advice),
    ]
  return [ok('partitions', `Today and the next ${AHEAD_DAYS - 1} days have a partition of the usage.`)]
}

const PARTITIONS = `SELECT
  (SELECT coalesce(array_agg(day::text ORDER BY day), '{}') FROM (
    SELECT (now() AT TIME ZONE 'UTC')::date + n AS day FROM generate_series(0, $1::integer - 1) n
  ) ahead WHERE to_regclass('prompt_usage_' || to_char(day, 'YYYYMMDD')) IS NULL) AS missing,
  (SELECT coalesce(array_agg(day::text), '{}') FROM days_without_partition($2) AS day) AS strays`

/** What changes have started, and waits to be sent. */
export async function checkOutbox({ client, config }: Subject): Promise<Finding[]> {
  const { outbox } = await readQueues(client, config.limits.outbox_tries)
  const document = 'docs/operating.md, "Messages that are refused"'
  const found: Finding[] = []
  if (outbox.poisoned > 0)
    found.push(
      problem('outbox', `${outbox.poisoned} messages were refused again and again and are no longer sent.`, {
        remedy:
          'See them with npm run admin -- outbox list; once the reason is gone: npm run admin -- outbox resend ID. What can never be sent: npm run admin -- outbox drop ID.',
        document,
      }),
    )
  if (outbox.oldest_seconds * 1000 > OLD_MS)
    found.push(
      warning(
        'outbox',
        `${outbox.waiting} messages wait, the oldest for ${length(outbox.oldest_seconds * 1000)}.`,
        {
          remedy:
            'See whether an instance runs, and whether it reaches the Inngest server and the mail server.',
          document,
        },
      ),
    )
  return found.length > 0 ? found : [ok('outbox', `${outbox.waiting} messages wait.`)]
}

/** When our own command made the last backup; those of other tools are not known. */
export async function checkBackups({ client }: Subject): Promise<Finding[]> {
  const age = (await readLastBackup(client))?.ageMs
  const advice = {
    remedy: 'Make one with npm run backup, and prove it with npm run admin -- restore-drill FILE.',
    document: 'docs/operating.md, "Backups"',
  }
  if (age === undefined)
    return [
      warning(
        'backups',
        'No backup by npm run backup is on record; those of other tools are not known.',
        advice,
      ),
    ]
  const seen = `The last one by npm run backup is ${length(age)} old.`
  return [age > OLD_BACKUP_MS ? warning('backups', seen, advice) : ok('backups', seen)]
}
