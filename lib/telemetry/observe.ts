import { failureType } from './failure.ts'
import { type Span, type SpanStart, type Tracing, tracing } from './telemetry.ts'

/**
 * Runs a part of a piece of work that is traced within a span of its own, which ends with it. Work that is a part of
 * nothing, such as upkeep, has none.
 * @param describe asked only where there is something to trace
 */
export function observe<T>(
  describe: () => SpanStart,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const traces = tracing()
  return traces?.active()?.isOpen === true ? spanned(traces, describe(), work) : work(undefined)
}

/** Runs work within a span, which ends with it. */
export async function spanned<T>(
  traces: Tracing,
  start: SpanStart,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = traces.start(start)
  try {
    return await traces.within(span, () => work(span))
  } catch (error) {
    const { type, unexpected } = failureType(error)
    span.fail(type, unexpected ? error : undefined)
    throw error
  } finally {
    span.end()
  }
}

/** The trace of the work under way as a W3C `traceparent`. */
export function activeTrace(): string | undefined {
  return tracing()?.active()?.headers.traceparent
}
