import type { LoadedConfig } from '../config/load.ts'
import type { Follow } from '../log.ts'
import type { Telemetry } from './telemetry.ts'

const NONE: Readonly<Record<string, string>> = {}

/**
 * What follows the log: traces and reports of errors where they are wanted, at no cost where they are not.
 * @param note gets every line as well
 */
export function followLog(
  { openTelemetry: { traces, logs }, telemetry: { sentry_dsn } }: LoadedConfig,
  telemetry: Telemetry,
  note: (line: string) => void,
): Follow {
  if (traces === undefined && logs === undefined && sentry_dsn === undefined) return { line: note }
  return {
    ids() {
      const span = telemetry.tracing?.active()
      if (span === undefined) return NONE
      return { trace_id: span.traceId, span_id: span.spanId }
    },
    line(text) {
      note(text)
      telemetry.logs?.(text)
      telemetry.errors?.(text)
    },
  }
}
