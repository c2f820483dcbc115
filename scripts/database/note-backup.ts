import { BACKUP_STEP } from '#lib/health/read-work.ts'
import { withClient } from './arguments.ts'

/** Notes that a backup was made. That it cannot be noted (a role that only reads, a standby) does it no harm. */
export async function noteBackup(url: string): Promise<void> {
  await withClient(url, (client) =>
    client.query(
      `INSERT INTO upkeep (step, succeeded_at) VALUES ($1, clock_timestamp())
       ON CONFLICT (step) DO UPDATE SET succeeded_at = excluded.succeeded_at`,
      [BACKUP_STEP],
    ),
  ).catch(() => undefined)
}
