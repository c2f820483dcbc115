import { setTimeout as delay } from 'node:timers/promises'
import { withClient } from './database.ts'

const PATIENCE_MS = 45_000

/** Waits until a statement in the database waits for another one's lock. */
export async function waitUntilBlocked(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const { rowCount } = await client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
      )
      if (rowCount !== 0) return
      if (Date.now() > deadline) throw new Error('Nothing waits for a lock.')
      await delay(10)
    }
  })
}
