import { setTimeout as pause } from 'node:timers/promises'
import type { Runtime } from '../runtime.ts'
import { createErrorReports } from './errors/reports.ts'
import { SentCounts } from './sent.ts'

/**
 * Switches on what the configuration asks for: traces and logs by OpenTelemetry, reports of errors. What is off is not
 * even loaded.
 */
export async function startTelemetry(runtime: Runtime): Promise<void> {
  const { config, telemetry } = runtime
  const { traces, logs } = config.openTelemetry
  const { sentry_dsn } = config.telemetry
  if (traces === undefined && logs === undefined && sentry_dsn === undefined) return
  const counts = new SentCounts()
  const flushes: (() => Promise<unknown>)[] = []
  if (traces !== undefined || logs !== undefined) {
    const { startOpenTelemetry } = await import('./sdk/start.ts')
    flushes.push(...(await startOpenTelemetry(runtime, counts)))
  }
  if (sentry_dsn !== undefined) {
    const reports = createErrorReports(runtime, sentry_dsn, counts)
    telemetry.errors = reports.follow
    flushes.push(reports.flush)
  }
  telemetry.flush = (milliseconds) => flushAll(flushes, milliseconds)
  counts.show()
  followProcess(runtime)
}

/** A receiver that does not answer holds nobody up. */
async function flushAll(flushes: readonly (() => Promise<unknown>)[], milliseconds: number): Promise<void> {
  const late = new AbortController()
  const all = Promise.allSettled(flushes.map((flush) => flush()))
  await Promise.race([all, pause(milliseconds, undefined, { signal: late.signal })])
  late.abort()
}

/** Errors that nobody caught. Next keeps the process alive and prints them; the log knows nothing of it. */
function followProcess({ log }: Runtime): void {
  const tell = (origin: string) => (error: unknown) => {
    log.error(
      { err: error instanceof Error ? error : new Error(String(error)), origin },
      'nobody caught an error',
    )
  }
  process.on('uncaughtExceptionMonitor', (error, origin) => tell(origin)(error))
  process.on('unhandledRejection', tell('unhandledRejection'))
}
