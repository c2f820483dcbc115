import type { LoadedConfig } from '../config/load.ts'
import type { Follow } from '../log.ts'
import type { RecentTroubles } from '../recent-troubles.ts'
import type { Telemetry } from './telemetry.ts'

const NONE: Readonly<Record<string, string>> = {}

/** Keeps the last troubles of the log, and does what traces and reports of errors want of it where they are wanted. */
export function followLog(
  { openTelemetry: { traces, logs }, telemetry: { sentry_dsn } }: LoadedConfig,
  telemetry: Telemetry,
  recent: RecentTroubles,
): Follow {
  if (traces === undefined && logs === undefined && sentry_dsn === undefined)
    return { line: (text) => recent.note(text) }
  return {
    ids() {
      const span = telemetry.tracing?.active()
      if (span === undefined) return NONE
      return { trace_id: span.traceId, span_id: span.spanId }
    },
    line(text) {
      recent.note(text)
      telemetry.logs?.(text)
      telemetry.errors?.(text)
    },
  }
}
