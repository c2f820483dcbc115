import { randomUUID } from 'node:crypto'

/** An event as it is sent. */
export interface SentEvent {
  name: string
  /** Sent twice with the same id within a day, it starts each function once. */
  id?: string | undefined
  data?: Record<string, unknown> | undefined
  /** When it happened, in milliseconds since 1970; now, when left out. */
  ts?: number | undefined
  [more: string]: unknown
}

/** An event as functions see it. */
export interface StoredEvent {
  name: string
  id: string
  data: Record<string, unknown>
  ts: number
  [more: string]: unknown
}

/** What the runner itself tells, as an Inngest server does. */
export const FUNCTION_FAILED = 'inngest/function.failed'
export const FUNCTION_CANCELLED = 'inngest/function.cancelled'
/** Name of the event that a cron trigger makes. */
export const SCHEDULED = 'inngest/scheduled.timer'

/** An event that has come. */
export interface Arrival {
  event: StoredEvent
  /** Its id is the sender's: another one with this id is the same. */
  named: boolean
}

/** Fills in what the sender left out. */
export function arrival({ id, data, ts, ...event }: SentEvent): Arrival {
  const own = typeof id === 'string' && id !== '' ? id : undefined
  return {
    event: { ...event, id: own ?? randomUUID(), data: data ?? {}, ts: ts ?? Date.now() },
    named: own !== undefined,
  }
}
