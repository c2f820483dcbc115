import type { LoadedConfig } from '../config/load.ts'
import type { Follow } from '../log.ts'
import type { Telemetry } from './telemetry.ts'

const NONE: Readonly<Record<string, string>> = {}

/** What the log does for traces and reports of errors; undefined where neither is wanted: it costs nothing then. */
export function followLog(
  { openTelemetry: { traces, logs }, telemetry: { sentry_dsn } }: LoadedConfig,
  telemetry: Telemetry,
): Follow | undefined {
  if (traces === undefined && logs === undefined && sentry_dsn === undefined) return undefined
  return {
    ids() {
      const span = telemetry.tracing?.active()
      if (span === undefined) return NONE
      return { trace_id: span.traceId, span_id: span.spanId }
    },
    line(text) {
      telemetry.logs?.(text)
      telemetry.errors?.(text)
    },
  }
}
