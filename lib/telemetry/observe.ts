import { failureType } from './failure.ts'
import { type Origin, type Span, type SpanStart, type Tracing, tracing } from './telemetry.ts'

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
  return traces?.active()?.isOpen === true ? spanned(traces, describe, work) : work(undefined)
}

/** Runs work within a span, which ends with it. */
export function spanned<T>(
  traces: Tracing,
  describe: () => SpanStart,
  work: (span: Span) => Promise<T>,
  origin?: Origin,
): Promise<T> {
  const span = traces.start(describe, origin)
  return span.isOpen ? untilItEnds(traces, span, work) : traces.within(span, () => work(span))
}

async function untilItEnds<T>(traces: Tracing, span: Span, work: (span: Span) => Promise<T>): Promise<T> {
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
