import { setTimeout as delay } from 'node:timers/promises'

/** What the suite's functions did, in order. */
export interface Entry {
  /** What a test calls its events by: tests do not see each other's. */
  subject: string
  what: string
  at: number
  detail?: unknown
}

/** Functions write in it, tests wait for what they expect in it. */
export class Journal {
  readonly #entries: Entry[] = []
  readonly #waiting = new Set<() => void>()
  readonly #patienceMs: number

  constructor(patienceMs = 50_000) {
    this.#patienceMs = patienceMs
  }

  write(subject: string, what: string, detail?: unknown): void {
    this.#entries.push({ subject, what, at: Date.now(), detail })
    for (const notice of this.#waiting) notice()
  }

  of(subject: string, what?: string): Entry[] {
    return this.#entries.filter(
      (entry) => entry.subject === subject && (what === undefined || entry.what === what),
    )
  }

  count(subject: string, what: string): number {
    return this.of(subject, what).length
  }

  /** Waits until something was written so often. @throws with what was written instead */
  async until(subject: string, what: string, times = 1): Promise<Entry[]> {
    const patience = AbortSignal.timeout(this.#patienceMs)
    while (this.count(subject, what) < times) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.add(resolve)
      const late = delay(this.#patienceMs, 'late', { signal: patience, ref: false }).catch(() => 'late')
      const ended = await Promise.race([promise, late])
      this.#waiting.delete(resolve)
      if (ended === 'late')
        throw new Error(
          `${subject} did not ${what} ${times} times: ${JSON.stringify(this.of(subject).map((e) => e.what))}`,
        )
    }
    return this.of(subject, what)
  }
}
