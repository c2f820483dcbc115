import { z } from 'zod'
import { count, milliseconds, seconds } from './numbers.ts'

/** PostgreSQL: where it is, how many connections, and how long anything may take. */
export const Database = z.strictObject({
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgresql://…')
    .optional()
    .meta({ description: 'PostgreSQL server', absent: 'the embedded PostgreSQL' }),
  migrate_url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgresql://…')
    .optional()
    .meta({
      description: 'The same database by the role that owns its tables: it migrates and does nothing else',
      absent: '`database.url`',
    }),
  pool_size: count(10, 1000).describe('Connections that each instance keeps open'),
  max_overflow: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(10)
    .describe('Connections of each instance beyond pool_size under load'),
  pool_timeout: seconds(2).describe('Seconds to wait for a free connection'),
  pool_recycle: seconds(1800).describe('Seconds after which a connection is replaced'),
  statement_timeout_ms: milliseconds(10_000).describe('The server ends a statement after this time'),
  lock_timeout_ms: milliseconds(9000).describe(
    'A statement waits for a lock for this time; shorter than statement_timeout_ms, so that the reason is known',
  ),
  migration_lock_ms: milliseconds(3000).describe(
    'A migration waits for a lock for this time, lets everybody through, and tries again',
  ),
  backup_before_migration: z
    .boolean()
    .default(true)
    .describe('Back the database up into `backups` of the data folder before a new version changes it'),
  backup_largest_bytes: count(1_073_741_824, 1_000_000_000_000).describe(
    'A database larger than this is changed without that backup, with a warning',
  ),
  backups_kept: count(3, 1000).describe('How many of these backups are kept'),
  query_timeout_ms: milliseconds(10_500).describe('The client gives an answer up after this time'),
  replicas: z
    .array(z.string().regex(/^postgres(ql)?:\/\//))
    .max(16)
    .default([])
    .describe('Servers for lists and statistics'),
  replica_lag_ms: milliseconds(5000).describe(
    'A replica that is further behind rests until it has caught up',
  ),
  poll_interval_ms: milliseconds(1000).describe('How often the revision is read besides the notifications'),
  revision_wait_ms: milliseconds(1000).describe(
    'How long a read waits for a revision that the caller has seen elsewhere',
  ),
  down_after_ms: milliseconds(1200).describe(
    'A poll without an answer for this long means: the database is away',
  ),
  trouble_ms: milliseconds(5000).describe(
    'How long readiness tells of a full disk, a read-only database, used-up connections or held locks after the last refusal',
  ),
})
