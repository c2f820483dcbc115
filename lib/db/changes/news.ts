import { throttle } from '../../pacing.ts'
import { getRuntime } from '../../runtime.ts'
import { CHANNEL, encodeNews } from './notice.ts'

/** The interval in which one instance repeats the same news. Readers fetch what is new, so one notice stands for many. */
const NEWS_MS = 250

/** Notifies every instance, this one as well, of something new that no revision counts. */
export interface NewsPublisher {
  /** Call it after the commit. News that get lost while the database is away are not repeated. */
  publish(workspaceId: string, topic: string): void
}

/**
 * The publisher of this process. A notification of its own a few times a second has no measurable cost. One in
 * each transaction would serialize all commits, since that is how PostgreSQL orders notifications.
 */
export function newsPublisher(): NewsPublisher {
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
    const { call, end } = throttle(send, NEWS_MS)
    runtime.onShutdown('close', 'db.news', async () => {
      end()
      await Promise.all(sending)
    })
    return { publish: (workspaceId, topic) => call(encodeNews({ workspace_id: workspaceId, topic })) }
  })
}
