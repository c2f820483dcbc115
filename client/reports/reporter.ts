import { incipitError, isIncipitError } from '../http/problem.ts'
import { neverSent, type Transport } from '../http/transport.ts'
import type { ErrorDetail, Outcome, Rendered } from '../public.ts'

/** One local render, as it is reported. */
export interface Use {
  prompt: string
  version: number
  label?: string
  variables: string[]
  duration_us: number
  /** Code of the error that it failed with. */
  outcome?: string
  details?: { path: (string | number)[]; code: string }[]
}

interface WaitingUse {
  use: Use
  /** Given its receipt. */
  rendered: Rendered | undefined
}

interface WaitingOutcome {
  use: Rendered | string
  outcome: Outcome
}

interface UsesAnswer {
  items: { receipt?: string | null }[]
}

/** Uses of one report, unless the server takes fewer. */
const BATCH = 500
/** What may wait while the server is away; the oldest goes first. */
const WAITING_MAX = 10_000
/** Outcomes that are sent at once. */
const OUTCOMES_AT_ONCE = 4

/** Reports what local renders used and what came of them, in batches, beside the program's own work. */
export class Reporter {
  readonly #transport: Transport
  readonly #everyMs: number
  readonly #onError: (error: Error) => void
  #uses: WaitingUse[] = []
  #outcomes: WaitingOutcome[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined
  #isRefused = false
  #most = BATCH
  /** What was lost since that was last told. */
  #lost = { uses: 0, outcomes: 0 }
  /** The last report came to nothing: the next one waits its time, however much there is to tell. */
  #hasFailed = false

  constructor(transport: Transport, everyMs: number, onError: (error: Error) => void) {
    this.#transport = transport
    this.#everyMs = everyMs
    this.#onError = onError
  }

  use(use: Use, rendered?: Rendered): void {
    // An older server has no place for it, or this key may not.
    if (this.#isRefused) return
    this.#uses.push({ use, rendered })
    if (this.#uses.length > WAITING_MAX) this.#lost.uses += this.#uses.splice(0, 1).length
    this.#wake()
  }

  outcome(use: Rendered | string, outcome: Outcome): void {
    this.#outcomes.push({ use, outcome })
    if (this.#outcomes.length > WAITING_MAX) this.#lost.outcomes += this.#outcomes.splice(0, 1).length
    this.#wake()
  }

  /** Sends what waits; what cannot be sent now waits on. */
  async flush(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.flush()
    clearTimeout(this.#timer)
  }

  #wake(): void {
    const isFull = this.#uses.length >= this.#most && this.#sending === undefined
    if (isFull && !this.#hasFailed) return void this.flush()
    this.#timer ??= setTimeout(() => void this.flush(), this.#everyMs)
    // It keeps no program running.
    this.#timer.unref()
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      while (this.#uses.length > 0) await this.#sendUses(this.#uses.splice(0, this.#most))
      await this.#sendOutcomes()
      this.#hasFailed = false
    } catch (error) {
      this.#hasFailed = true
      this.#onError(error instanceof Error ? error : new Error(String(error)))
      if (this.#uses.length + this.#outcomes.length > 0) this.#wake()
    } finally {
      this.#tellLost()
    }
  }

  #tellLost(): void {
    const { uses, outcomes } = this.#lost
    if (uses + outcomes === 0) return
    this.#lost = { uses: 0, outcomes: 0 }
    const said = [...(uses > 0 ? [`uses: ${uses}`] : []), ...(outcomes > 0 ? [`outcomes: ${outcomes}`] : [])]
    this.#onError(
      incipitError('reports_lost', `Not reported, and lost: ${said.join(', ')}.`, {
        extra: { uses, outcomes },
      }),
    )
  }

  async #sendUses(batch: WaitingUse[]): Promise<void> {
    try {
      const { body } = await this.#transport.call<UsesAnswer>('/api/uses', {
        method: 'POST',
        body: { uses: batch.map(({ use }) => use) },
      })
      for (const [index, { rendered }] of batch.entries()) {
        // null: it was not counted, so that no outcome can be told of it.
        const receipt = body.items[index]?.receipt ?? undefined
        if (rendered !== undefined && receipt !== undefined) rendered.receipt = receipt
      }
    } catch (error) {
      const status = isIncipitError(error) ? error.status : undefined
      if (status === 413 && batch.length > 1) {
        // It takes fewer at once, and counted none of these: they come again, half as many.
        this.#most = Math.ceil(batch.length / 2)
        this.#uses.unshift(...batch)
        return
      }
      // Sent again it could be counted twice, unless it surely was not heard.
      if (neverSent(error) || status === 429 || status === 503) this.#uses.unshift(...batch)
      else this.#lost.uses += batch.length
      if ([401, 403, 404, 405].includes(status ?? 0)) {
        this.#isRefused = true
        this.#lost.uses += this.#uses.splice(0).length
      }
      throw error
    }
  }

  async #sendOutcomes(): Promise<void> {
    const waiting = this.#outcomes.splice(0)
    for (let at = 0; at < waiting.length; at += OUTCOMES_AT_ONCE) {
      const some = waiting.slice(at, at + OUTCOMES_AT_ONCE)
      const results = await Promise.allSettled(some.map((each) => this.#sendOutcome(each)))
      const failed = some.filter((_, index) => mayComeLater(results[index]))
      const reason = results.find((result) => result.status === 'rejected')?.reason
      if (failed.length > 0) this.#outcomes.unshift(...failed, ...waiting.slice(at + OUTCOMES_AT_ONCE))
      if (failed.length > 0) throw reason
      // One that is refused for good keeps no other back.
      if (reason !== undefined) this.#onError(reason)
    }
  }

  async #sendOutcome({ use, outcome }: WaitingOutcome): Promise<void> {
    const receipt = typeof use === 'string' ? use : use.receipt
    if (receipt === undefined)
      throw incipitError(
        'unprocessable',
        'An outcome has no receipt: its render was not reported, or came from a bundle or fallback.',
      )
    // The same told twice counts once.
    await this.#transport.call('/api/outcomes', {
      method: 'POST',
      body: { receipt, ...outcome },
      isRepeatable: true,
    })
  }
}

function mayComeLater(result: PromiseSettledResult<void> | undefined): boolean {
  if (result?.status !== 'rejected' || !isIncipitError(result.reason)) return false
  const { status, code } = result.reason
  return code === 'unreachable' || code === 'timeout' || status === 429 || (status ?? 0) >= 500
}

/** What of the details of an error is reported: names and kinds, never values. */
export function reportedDetails(details: readonly ErrorDetail[]): NonNullable<Use['details']> {
  return details.slice(0, 20).map(({ path, code }) => ({ path: path.slice(0, 2), code }))
}
