import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { Log } from '../../log.ts'
import type { SentCounts } from '../sent.ts'

/** The part of an exporter that matters here. */
interface Exporter<T> {
  export(items: T[], done: (result: ExportResult) => void): void
  shutdown(): Promise<void>
  forceFlush?(): Promise<void>
}

export interface OutletOptions {
  signal: 'traces' | 'logs'
  /** Most items that wait, those that are being sent included. */
  room: number
  counts: SentCounts
  log: Log
}

/**
 * What is between a processor and its exporter: it bounds what waits, counts what came of it, and says once in the
 * log that nothing arrives, and that it does again.
 */
export class Outlet<T> implements Exporter<T> {
  readonly #exporter: Exporter<T>
  readonly #options: OutletOptions
  #waiting = 0
  #isFailing = false

  constructor(exporter: Exporter<T>, options: OutletOptions) {
    this.#exporter = exporter
    this.#options = options
  }

  /** Whether there is room for another item; if not, it is counted as dropped. */
  takes(): boolean {
    const { signal, room, counts } = this.#options
    if (this.#waiting >= room) {
      counts.add(signal, 'dropped')
      return false
    }
    this.#waiting += 1
    return true
  }

  export(items: T[], done: (result: ExportResult) => void): void {
    const { signal, counts } = this.#options
    this.#exporter.export(items, (result) => {
      this.#waiting -= items.length
      const isSent = result.code === ExportResultCode.SUCCESS
      counts.add(signal, isSent ? 'sent' : 'failed', items.length)
      this.#tell(isSent, result.error)
      // A failure has been told; what asks for it would tell it again, to the console.
      done({ code: ExportResultCode.SUCCESS })
    })
  }

  #tell(isSent: boolean, error: Error | undefined): void {
    const { signal, log, counts } = this.#options
    if (isSent !== this.#isFailing) return
    this.#isFailing = !isSent
    if (isSent) log.info({ signal, failed: counts.of(signal, 'failed') }, 'telemetry is sent again')
    else
      log.warn(
        { signal, reason: error?.message },
        'telemetry cannot be sent; the app goes on without, and tries with what comes next',
      )
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush?.() ?? Promise.resolve()
  }
}
