import { NonRetriableError } from 'inngest'
import { isPassing } from '#lib/errors.ts'
import { getRuntime } from '#lib/runtime.ts'

/** For people: what failed, without its kind. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * The retries of functions: enough for an outage of the app or its database of hours. A server counts a call that
 * reached nobody as one of them, and waits longer after each.
 */
export const RETRIES = 20

/**
 * The work of a step. A failure that passes (the database is away) is retried as often as the function is; a fault
 * of ours no more often than a provider would be asked.
 * @param attempt how often the step was tried before
 */
export async function withFewFaults<T>(attempt: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isKnown =
      error instanceof Error && (error.name === 'RetryAfterError' || error.name === 'NonRetriableError')
    if (isKnown || isPassing(error) || attempt < getRuntime().config.ai.retries) throw error
    getRuntime().log.error({ err: error, part: 'functions' }, 'a step of a function failed')
    throw new NonRetriableError(messageOf(error), { cause: error })
  }
}
