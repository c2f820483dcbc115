import type { Log } from '../../log.ts'
import { VERSION } from '../../version.ts'
import type { SentCounts } from '../sent.ts'
import type { Destination } from './dsn.ts'

export interface QueueOptions {
  destination: Destination
  /** Most reports that wait. */
  room: number
  counts: SentCounts
  log: Log
}

const SEND_MS = 5000
/** Pause where a tracker says that it has enough, and not for how long. */
const ENOUGH_MS = 60_000
const LONGEST_PAUSE_MS = 3_600_000

/**
 * Sends reports one after another. What does not arrive is counted and gone: a tracker that is away, slow or full
 * costs the app nothing but that.
 */
export class ReportQueue {
  readonly #options: QueueOptions
  readonly #waiting: Record<string, unknown>[] = []
  #work: Promise<void> | undefined
  #pausedUntil = 0
  #isFailing = false
  /** Reports that were lost since the last one that arrived; the tracker is told. */
  #lost = 0

  constructor(options: QueueOptions) {
    this.#options = options
  }

  add(event: Record<string, unknown>): void {
    const isPaused = performance.now() < this.#pausedUntil
    if (isPaused || this.#waiting.length >= this.#options.room) {
      this.#lost += 1
      this.#options.counts.add('errors', 'dropped')
      return
    }
    this.#waiting.push(event)
    this.#work ??= this.#run()
  }

  /** Resolves once nothing waits any more. */
  async empty(): Promise<void> {
    await this.#work
  }

  async #run(): Promise<void> {
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      const lost = this.#lost
      const problem = await this.#send(event, lost)
      if (problem === undefined) this.#lost -= lost
      else this.#lost += 1
      this.#options.counts.add('errors', problem === undefined ? 'sent' : 'failed')
      this.#tell(problem)
    }
    this.#work = undefined
  }

  /** @returns why it did not arrive */
  async #send(event: Record<string, unknown>, lost: number): Promise<string | undefined> {
    const { url, publicKey } = this.#options.destination
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-sentry-envelope',
          'x-sentry-auth': `Sentry sentry_version=7, sentry_client=incipit/${VERSION}, sentry_key=${publicKey}`,
        },
        body: envelopeOf(event, lost),
        redirect: 'error',
        signal: AbortSignal.timeout(SEND_MS),
      })
      await response.body?.cancel()
      if (response.status === 429) this.#pause(response.headers.get('retry-after'))
      return response.ok ? undefined : `status ${response.status}`
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined
      return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error)
    }
  }

  #pause(retryAfter: string | null): void {
    const seconds = Number(retryAfter)
    const wanted = retryAfter !== null && seconds > 0 ? seconds * 1000 : ENOUGH_MS
    this.#pausedUntil = performance.now() + Math.min(wanted, LONGEST_PAUSE_MS)
    this.#lost += this.#waiting.length
    this.#options.counts.add('errors', 'dropped', this.#waiting.length)
    this.#waiting.length = 0
  }

  #tell(problem: string | undefined): void {
    const { log, counts } = this.#options
    if ((problem !== undefined) === this.#isFailing) return
    this.#isFailing = problem !== undefined
    if (problem === undefined)
      log.info({ signal: 'errors', failed: counts.of('errors', 'failed') }, 'telemetry is sent again')
    // No error as such: that would be reported.
    else log.warn({ signal: 'errors', reason: problem }, 'reports of errors cannot be sent')
  }
}

/** An event in Sentry's envelope: lines of JSON. */
function envelopeOf(event: Record<string, unknown>, lost: number): string {
  const sdk = { name: 'incipit', version: VERSION }
  const payload = JSON.stringify({ ...event, sdk })
  const lines = [
    JSON.stringify({ event_id: event.event_id, sent_at: new Date().toISOString(), sdk }),
    JSON.stringify({ type: 'event', length: Buffer.byteLength(payload), content_type: 'application/json' }),
    payload,
  ]
  if (lost > 0) {
    const discarded_events = [{ reason: 'queue_overflow', category: 'error', quantity: lost }]
    lines.push(JSON.stringify({ type: 'client_report' }), JSON.stringify({ discarded_events }))
  }
  return `${lines.join('\n')}\n`
}
