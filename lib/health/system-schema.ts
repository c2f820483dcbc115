import { z } from 'zod'

export const Checks = z.object({
  start: z.string().describe('"done", or the step of the start that is under way'),
  database: z.enum(['up', 'down']),
  change_feed: z.enum(['listening', 'away']),
  disk: z.enum(['ok', 'full']).describe('"full": a write found no room on the disk, or the disk failed'),
  changes: z.enum(['ok', 'read_only']).describe('"read_only": the database is a standby, or fenced off'),
  connections: z
    .enum(['ok', 'used_up'])
    .describe('"used_up": a request lately found no connection; the instance still counts as ready'),
  locks: z
    .enum(['ok', 'held'])
    .describe('"held": a change lately waited too long for another; the instance still counts as ready'),
})
export type Checks = z.infer<typeof Checks>

const Moment = z.iso.datetime()
const Count = z.number().int()

export const Instance = z.object({
  id: z.string(),
  host: z.string(),
  pid: Count,
  version: z.string(),
  commit: z.string().nullable(),
  node: z.string(),
  connections: Count.describe('The most that it opens to the database'),
  secret: z.enum(['environment', 'file', 'none']).describe('Where its secret comes from'),
  clock_ms: Count.describe('Milliseconds by which its clock is ahead of the database'),
  started_at: Moment,
  seen_at: Moment,
})
export type Instance = z.infer<typeof Instance>

export const PoisonedMessage = z.object({
  id: z.string(),
  name: z.string(),
  target: z.string(),
  subject: z.string(),
  tries: Count,
  written_at: Moment,
})
export type PoisonedMessage = z.infer<typeof PoisonedMessage>

const Replica = z.object({
  name: z.string().describe('Host, port and database'),
  in_use: z.boolean(),
  lag_ms: Count,
})

const DatabaseState = z.object({
  version: z.string(),
  embedded: z.boolean().describe('Whether Incipit brought it along'),
  size_bytes: Count,
  connections: z.object({
    used: Count.describe('Of the whole server'),
    limit: Count.describe('Of the server, without those that it keeps for superusers'),
    own: z.object({ busy: Count, idle: Count, waiting: Count, most: Count }).describe('Of this instance'),
  }),
  migrations: z.object({
    applied: Count,
    last: z.string().nullable(),
    pending: z.array(z.string()),
    unknown: z.array(z.string()),
  }),
})

const Work = z.object({
  queue: z.object({ queued: Count, oldest_seconds: z.number(), running: Count }).describe('Generations'),
  outbox: z.object({
    waiting: Count,
    oldest_seconds: z.number(),
    poisoned: Count,
    messages: z
      .array(PoisonedMessage)
      .describe('Those that are no longer sent, the oldest first; at most 50'),
  }),
  upkeep: z.array(
    z.object({
      step: z.string(),
      every_ms: Count,
      last_at: Moment.nullable(),
      next_at: Moment.nullable(),
      late: z.boolean(),
      failures: Count.describe('In this instance, since its start'),
    }),
  ),
  last_backup_at: Moment.nullable().describe('By `npm run backup`; those of other tools are not known'),
})

/** How an installation is. What the database would tell is null while it is away. */
export const System = z.object({
  checked_at: Moment,
  status: z.enum(['healthy', 'starting', 'degraded', 'draining']),
  checks: Checks,
  app: z
    .object({
      id: z.string().describe('That of its row among the instances'),
      version: z.string(),
      commit: z.string().nullable(),
      node: z.string(),
      started_at: Moment,
      uptime_seconds: Count,
    })
    .describe('The instance that answers'),
  background_work: z.object({
    runner: z.enum(['embedded', 'server']).nullable().describe('null: it has not started'),
    state: z.enum(['up', 'silent']),
  }),
  instances: z.array(Instance).nullable(),
  database: DatabaseState.nullable(),
  replicas: z.array(Replica),
  work: Work.nullable(),
  caches: z
    .array(z.object({ name: z.string(), entries: Count, hits: Count, misses: Count }))
    .describe('Of the instance that answers, since its start'),
  recent: z
    .array(
      z.object({
        at: Moment,
        level: z.enum(['warn', 'error', 'fatal']),
        message: z.string(),
        error: z.string().nullable(),
        request_id: z.string().nullable(),
      }),
    )
    .describe('The last warnings and errors of the instance that answers, newest first; at most 50'),
  slow_statements: z
    .array(
      z.object({
        name: z.string(),
        text: z.string().describe('The beginning of it, without values'),
        milliseconds: Count,
        at: Moment,
      }),
    )
    .describe(
      'Those of the instance that answers that took longer than `limits.slow_statement_ms` and came last, the longest first',
    ),
})
export type System = z.infer<typeof System>

export const MessagePath = z.strictObject({ id: z.string().min(1).max(200).describe('Id of the message') })
