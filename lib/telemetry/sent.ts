import { mirrorCounts } from '../metrics.ts'

/** What came of everything that was to be sent, by signal and fate: counts for /metrics. */
export class SentCounts {
  readonly #counts = new Map<string, number>()

  add(signal: 'traces' | 'logs' | 'errors', fate: 'sent' | 'dropped' | 'failed', count = 1): void {
    const key = `${signal} ${fate}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count)
  }

  of(signal: 'traces' | 'logs' | 'errors', fate: 'sent' | 'dropped' | 'failed'): number {
    return this.#counts.get(`${signal} ${fate}`) ?? 0
  }

  /** Shows them on /metrics. Called once. */
  show(): void {
    mirrorCounts(
      {
        name: 'incipit_telemetry_total',
        help: 'Spans, lines of the log and reports of errors by what came of them; dropped: there was no room',
        labelNames: ['signal', 'fate'],
      },
      () => this.#counts,
    )
  }
}
