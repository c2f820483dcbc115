import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import { type AnyValueMap, SeverityNumber } from '@opentelemetry/api-logs'
import type { Resource } from '@opentelemetry/resources'
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { VERSION } from '../../version.ts'
import { type LogLine, readLine } from '../log-line.ts'
import type { Follower } from '../telemetry.ts'

/** Of pino's levels to those of the data model. */
const SEVERITIES: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
}

/** Longest text of an attribute: beyond it a text is cut. */
const TEXT_LENGTH = 16_384

/** Makes of each line of the log a record that is sent as well: the line has lost its secrets by then. */
export function createLogs(
  resource: Resource,
  processor: LogRecordProcessor,
): { follow: Follower; provider: LoggerProvider } {
  const provider = new LoggerProvider({
    resource,
    processors: [processor],
    logRecordLimits: { attributeValueLengthLimit: TEXT_LENGTH },
  })
  const logger = provider.getLogger('incipit', VERSION)
  const follow = (text: string) => {
    const line = readLine(text)
    if (line === undefined) return
    logger.emit({
      timestamp: line.time,
      severityNumber: SEVERITIES[line.level] ?? SeverityNumber.UNSPECIFIED,
      severityText: line.level.toUpperCase(),
      body: line.message,
      attributes: attributesOf(line),
      context: contextOf(line.trace),
    })
  }
  return { follow, provider }
}

function attributesOf({ fields, error }: LogLine): AnyValueMap {
  // What was parsed from JSON holds nothing but values of JSON.
  const attributes = { ...fields } as AnyValueMap
  if (error === undefined) return attributes
  return {
    ...attributes,
    'exception.type': error.type,
    'exception.message': error.message,
    ...(error.stack !== undefined && { 'exception.stacktrace': error.stack }),
    ...(error.code !== undefined && { 'error.type': error.code }),
  }
}

function contextOf(of: LogLine['trace']) {
  if (of === undefined) return ROOT_CONTEXT
  const { traceId, spanId } = of
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED })
}
