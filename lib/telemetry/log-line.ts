/** A line of the log, read back. */
export interface LogLine {
  level: string
  /** Milliseconds since 1970. */
  time: number
  message: string
  /** What the line says besides, without what is the same in all lines. */
  fields: Record<string, unknown>
  /** The span that it was written in. */
  trace: { traceId: string; spanId: string } | undefined
  error: LoggedError | undefined
}

/** An error as the log describes it. */
export interface LoggedError {
  type: string
  message: string
  code?: string
  stack?: string
  cause?: LoggedError
}

const TRACE_ID = /^[\da-f]{32}$/
const SPAN_ID = /^[\da-f]{16}$/

/** Reads a line that pino wrote. @returns undefined for anything else */
export function readLine(text: string): LogLine | undefined {
  const line = parsed(text)
  if (line === undefined) return undefined
  const { level, time, msg, pid: _, host: _host, version: _version, trace_id, span_id, err, ...fields } = line
  const trace = traceIn(trace_id, span_id)
  return {
    level: typeof level === 'string' ? level : 'info',
    time: typeof time === 'string' ? Date.parse(time) : Date.now(),
    message: typeof msg === 'string' ? msg : '',
    // A trace without a span of ours is that of the caller.
    fields: trace === undefined && trace_id !== undefined ? { ...fields, trace_id } : fields,
    trace,
    error: errorIn(err),
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    // A secret was taken out of the middle of it.
    return undefined
  }
}

function traceIn(traceId: unknown, spanId: unknown): LogLine['trace'] {
  if (typeof traceId !== 'string' || !TRACE_ID.test(traceId)) return undefined
  return typeof spanId === 'string' && SPAN_ID.test(spanId) ? { traceId, spanId } : undefined
}

const DEPTH = 4

function errorIn(value: unknown, depth = 0): LoggedError | undefined {
  if (typeof value !== 'object' || value === null || depth > DEPTH) return undefined
  const { type, message, code, stack, cause } = value as Record<string, unknown>
  if (typeof type !== 'string') return undefined
  const inner = errorIn(cause, depth + 1)
  return {
    type,
    message: typeof message === 'string' ? message : '',
    ...(typeof code === 'string' && { code }),
    ...(typeof stack === 'string' && { stack }),
    ...(inner !== undefined && { cause: inner }),
  }
}
