import { appError } from '../errors.ts'
import type { Later, OutboxMessage, Target } from '../outbox/message.ts'
import { getRuntime } from '../runtime.ts'

/** Works on messages. @returns those that it wants to have again */
type Worker = (messages: readonly OutboxMessage[]) => Promise<readonly Later[] | void>

/** What the targets below hand messages to; the outbox knows neither alerts nor webhooks nor repositories. */
export interface Workers {
  events: Worker
  webhooks: Worker
  repositories: Worker
}

const holder = (): { workers: Partial<Workers> } =>
  getRuntime().once('webhooks.workers', () => ({ workers: {} }))

/** Called once, by what starts the app; a target without its worker is left to other processes. */
export function setWorkers(workers: Partial<Workers>): void {
  holder().workers = workers
}

function targetOf(name: keyof Workers, pace: Pick<Target, 'most' | 'lanes'>): Target {
  return {
    ...pace,
    isReady: () => holder().workers[name] !== undefined,
    send(messages) {
      const work = holder().workers[name]
      if (work === undefined) throw appError('unavailable', 'The app is starting.', { retryAfter: 2 })
      return work(messages)
    },
  }
}

/** Takes what happened, for alerts and webhooks to hear of. */
export const eventTarget = targetOf('events', { most: 100 })

/** Sends deliveries, each by itself: a receiver that is slow holds up none of the others while there are lanes. */
export const webhookTarget = targetOf('webhooks', { most: 1, lanes: 16 })

/** Brings in what repositories hold: few at a time, since an import takes memory. */
export const repositoryTarget = targetOf('repositories', { most: 1, lanes: 2 })
