import { setTimeout as pause } from 'node:timers/promises'

export interface Patience {
  /** Milliseconds until the wait is given up. */
  within?: number
  /** Milliseconds between two looks. */
  every?: number
}

/**
 * Looks again and again until the condition gives something that is not false or undefined, and answers
 * with it. What the condition throws counts as "not yet".
 * @throws Error naming what was waited for, and what the last look saw
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { within = 30_000, every = 20 }: Patience = {},
): Promise<Exclude<T, false | undefined>> {
  const deadline = performance.now() + within
  let last: unknown
  for (;;) {
    try {
      const found = await condition()
      // Neither false nor undefined, as the line checks.
      if (found !== false && found !== undefined) return found as Exclude<T, false | undefined>
      last = found
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline)
      throw new Error(`After ${within} ms still not: ${what} (last look: ${describe(last)})`)
    await pause(every)
  }
}

function describe(value: unknown): string {
  if (!(value instanceof Error)) return String(value)
  // "fetch failed" alone does not tell whether nobody listens or nobody answers.
  return value.cause === undefined ? value.message : `${value.message}: ${describe(value.cause)}`
}
