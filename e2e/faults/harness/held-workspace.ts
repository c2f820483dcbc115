import { waitUntilBlocked } from '#lib/testing/blocked.ts'
import { withClient } from '#lib/testing/database.ts'
import type { RunningApp } from '../../start-app.ts'

/** Holds the row that every change must raise at its end, until told or until the work is over. */
export async function withHeldWorkspace<T>(
  url: string,
  work: (release: () => Promise<void>) => Promise<T>,
): Promise<T> {
  return withClient(url, async (sql) => {
    await sql.query('BEGIN')
    // Rows that refer to it can be written meanwhile.
    await sql.query('SELECT FROM workspace FOR NO KEY UPDATE')
    const result = await work(async () => void (await sql.query('ROLLBACK')))
    await sql.query('ROLLBACK')
    return result
  })
}

/** Kills an app when a change has written all that it writes, and before it is committed: nothing of it is left. */
export async function killBeforeCommit(app: RunningApp, url: string): Promise<void> {
  await waitUntilBlocked(url)
  await app.kill()
  // What has reached the database would be kept, although nobody is left to hear of it.
  await withClient(url, (sql) =>
    sql.query(
      `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
       WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
    ),
  )
}
