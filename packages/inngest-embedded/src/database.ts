import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'

/** What runs statements: a pool, or the connection of a transaction. */
export type Sql = Pick<pg.PoolClient, 'query'>

/**
 * Runs work in a transaction. A connection on which anything failed is not used again.
 * @param begin the statements that it begins with, in one message
 */
export async function transaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  // A connection that breaks between two statements says so here; the next statement fails as well.
  const onError = (error: Error) => void (failure = error)
  client.on('error', onError)
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.off('error', onError)
    // Closing the connection ends its transaction as surely as ROLLBACK would.
    client.release(failure)
  }
}

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 2000

/**
 * Retries work until it succeeds: the result of a step must be kept, however long the database is away.
 * @throws the error of the database when it is about the data, or `signal`'s reason when that comes first
 */
export async function patiently<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return await work()
    } catch (error) {
      if (isAboutData(error)) throw error
      onFailure(error)
    }
    await delay(wait, undefined, { signal })
  }
}

/** Whether a statement fails however often it is tried: SQLSTATE classes of data and of our own mistakes. */
function isAboutData(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  // 21 cardinality, 22 data, 23 constraint, 42 syntax and names, 54 limits.
  return /^(?:21|22|23|42|54)/.test(String(error.code)) && String(error.code).length === 5
}

interface Waiting<In, Out> {
  item: In
  resolve: (result: Out) => void
  reject: (error: unknown) => void
}

/**
 * Batches what is asked for at the same time: while one batch is on its way to the database, the next one
 * gathers. Alone, nothing waits.
 * @param work answers for each item, in order; all of them fail together, unless it is about the data
 */
export function batched<In, Out>(
  most: number,
  work: (items: In[]) => Promise<Out[]>,
): (item: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = []
  let isBusy = false

  async function run(batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await work(batch.map(({ item }) => item))
      // As many results as items, as `work` promises.
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Out)
    } catch (error) {
      // One of them is at fault: each is tried by itself.
      if (batch.length > 1 && isAboutData(error)) for (const one of batch) await run([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  async function runAll(): Promise<void> {
    isBusy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      await run(batch)
    }
    isBusy = false
  }

  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Out>()
    waiting.push({ item, resolve, reject })
    if (!isBusy) void runAll()
    return promise
  }
}
