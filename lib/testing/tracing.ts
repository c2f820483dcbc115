import { resourceFromAttributes } from '@opentelemetry/resources'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import type { TelemetrySettings } from '../config/telemetry.ts'
import { createTracing } from '../telemetry/sdk/tracing.ts'
import type { Tracing } from '../telemetry/telemetry.ts'

/** Real traces whose ended spans stay here. */
export interface RecordedTracing {
  tracing: Tracing
  spans(): ReadableSpan[]
  /** The one span of a name. @throws Error when there is none, or more than one */
  span: (name: string) => ReadableSpan
}

export function recordTracing(
  settings: Partial<Pick<TelemetrySettings, 'sampler' | 'propagators' | 'content' | 'oldNames'>> = {},
): RecordedTracing {
  const exporter = new InMemorySpanExporter()
  const { tracing } = createTracing(
    {
      sampler: { name: 'parentbased_always_on', ratio: 1 },
      propagators: new Set(['tracecontext', 'baggage']),
      content: false,
      oldNames: false,
      ...settings,
    },
    resourceFromAttributes({}),
    new SimpleSpanProcessor({ exporter }),
  )
  const spans = () => exporter.getFinishedSpans()
  return {
    tracing,
    spans,
    span(name) {
      const [found, another] = spans().filter((span) => span.name === name)
      const names = spans().map((span) => span.name)
      if (found === undefined || another !== undefined)
        throw new Error(`Not one span is called "${name}" among ${names.join(', ')}`)
      return found
    },
  }
}
