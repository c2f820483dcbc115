import { appError } from '../errors.ts'
import type { Later, OutboxMessage, Target } from '../outbox/message.ts'
import { getRuntime } from '../runtime.ts'

/** Works on messages. @returns those that it wants to have again */
type Worker = (messages: readonly OutboxMessage[]) => Promise<readonly Later[] | void>

/** What the targets below hand messages to; the outbox knows neither alerts nor webhooks. */
export interface Workers {
  events: Worker
  webhooks: Worker
}

const holder = (): { workers: Workers | undefined } =>
  getRuntime().once('webhooks.workers', () => ({ workers: undefined }))

/** Called once, by what starts the app. */
export function setWorkers(workers: Workers): void {
  holder().workers = workers
}

function targetOf(name: keyof Workers, pace: Pick<Target, 'most' | 'lanes'>): Target {
  return {
    ...pace,
    isReady: () => holder().workers !== undefined,
    send(messages) {
      const { workers } = holder()
      if (workers === undefined) throw appError('unavailable', 'The app is starting.', { retryAfter: 2 })
      return workers[name](messages)
    },
  }
}

/** Takes what happened, for alerts and webhooks to hear of. */
export const eventTarget = targetOf('events', { most: 100 })

/** Sends deliveries, each by itself: a receiver that is slow holds up none of the others while there are lanes. */
export const webhookTarget = targetOf('webhooks', { most: 1, lanes: 16 })
