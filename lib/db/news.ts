import { paced } from '../paced.ts'
import { getRuntime } from '../runtime.ts'
import { CHANNEL, encodeNews } from './notice.ts'

/** How often one instance tells the same thing: readers ask for what is new, so that one call stands for many. */
const NEWS_MS = 250

/** Tells every instance, this one as well, that something is new which no revision counts. */
export interface NewsTeller {
  /** Call it after the commit. What gets lost while the database is away is not told again. */
  tell(workspaceId: string, topic: string): void
}

/**
 * The teller of this process. A notification of its own a few times a second costs nothing that can be measured;
 * one in each transaction would make them all commit one after the other, which is how PostgreSQL orders
 * notifications.
 */
export function newsTeller(): NewsTeller {
  return getRuntime().once('db.news', (runtime) => {
    const { database, log } = runtime
    const { pool } = database.primary
    const sending = new Set<Promise<void>>()
    const send = (payload: string) => {
      const sent = pool
        .query({ name: 'news', text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, payload] })
        .then(
          () => undefined,
          (error: unknown) => log.debug({ err: error }, 'news could not be told; pages look now and then'),
        )
        .finally(() => sending.delete(sent))
      sending.add(sent)
    }
    const { call, end } = paced(send, NEWS_MS)
    runtime.onShutdown('close', 'db.news', async () => {
      end()
      await Promise.all(sending)
    })
    return { tell: (workspaceId, topic) => call(encodeNews({ workspace_id: workspaceId, topic })) }
  })
}
