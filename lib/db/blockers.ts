import type pg from 'pg'
import { withConnection } from './connect.ts'

/** A connection of the server that others wait for. */
export interface Blocker {
  pid: number
  application_name: string
  /** active, idle in transaction …; null: of another role, which is not told more. */
  state: string | null
  query_start: Date | null
}

const BLOCKERS = `SELECT pid, application_name, state, query_start FROM pg_stat_activity
  WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY pid`

/** The blockers of a waiting connection, looked up by another connection. */
async function findBlockers(client: pg.Client, pid: number): Promise<Blocker[]> {
  return (await client.query<Blocker>(BLOCKERS, [pid])).rows
}

/** The holders of an advisory lock with a key of one number. */
export async function findLockHolders(client: pg.Client, key: number): Promise<Blocker[]> {
  const { rows } = await client.query<Blocker>(
    `SELECT pid, application_name, state, query_start FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1 AND objsubid = 1`,
    [key],
  )
  return rows
}

/**
 * Looks who blocks a connection while it works.
 * @param everyMs how often it is looked
 * @returns the result of the work; `onLook` gets the blockers of each look
 */
export async function watchingBlockers<T>(
  { url, pid, everyMs }: { url: string; pid: number; everyMs: number },
  onLook: (blockers: Blocker[]) => void,
  work: () => Promise<T>,
): Promise<T> {
  const done = Promise.withResolvers<void>()
  const looking = withConnection(url, 'incipit-migrate-watch', async (client) => {
    while (!(await ended(done.promise, everyMs))) onLook(await findBlockers(client, pid))
  }).catch(() => undefined)
  try {
    return await work()
  } finally {
    done.resolve()
    await looking
  }
}

/** Whether something ended within the time. */
async function ended(work: Promise<void>, ms: number): Promise<boolean> {
  let clock: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    clock = setTimeout(() => resolve(false), ms)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(clock)
  }
}
