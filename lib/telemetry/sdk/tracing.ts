import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import {
  type Span as ApiSpan,
  SpanKind as ApiSpanKind,
  type Context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanStatusCode,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TelemetrySettings } from '../../config/telemetry.ts'
import { VERSION } from '../../version.ts'
import { plainMessage, plainStack } from '../failure.ts'
import type { Attributes, Carrier, Span, SpanKind, SpanStart, Tracing } from '../telemetry.ts'

const KINDS: Readonly<Record<SpanKind, ApiSpanKind>> = {
  server: ApiSpanKind.SERVER,
  client: ApiSpanKind.CLIENT,
  consumer: ApiSpanKind.CONSUMER,
  internal: ApiSpanKind.INTERNAL,
}

/** Longest text of an attribute: beyond it a text is cut. */
const TEXT_LENGTH = 16_384

export interface MadeTracing {
  tracing: Tracing
  provider: TracerProvider
}

/**
 * Traces of our own. The provider is not put into the API's registry: Next and other libraries would write spans of
 * their own then, with addresses and texts that nobody looked through (ADR 92). The way from a span to its children
 * is an AsyncLocalStorage that hangs on the runtime with everything else.
 */
export function createTracing(
  settings: Pick<TelemetrySettings, 'sampler' | 'propagators' | 'content' | 'oldNames'>,
  resource: Resource,
  processor: SpanProcessor,
): MadeTracing {
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(settings.sampler),
    spanProcessors: [processor],
    spanLimits: { attributeValueLengthLimit: TEXT_LENGTH },
  })
  const { content, oldNames } = settings
  const tracing = new OpenTelemetryTracing(
    provider.getTracer('incipit', VERSION),
    propagatorOf(settings.propagators),
    { content, oldNames },
  )
  return { tracing, provider }
}

/** Marks a context whose parent was named by whoever. */
const OF_STRANGER = createContextKey('incipit.of_stranger')

/** Decides by the settings; a parent that a stranger named has no say, but its trace goes on. */
function samplerOf({ name, ratio }: TelemetrySettings['sampler']): Sampler {
  const [kind] = name.replace('parentbased_', '').split(' ')
  const root: Sampler =
    kind === 'always_off'
      ? new AlwaysOffSampler()
      : kind === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler()
  const usual = name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
  return {
    shouldSample: (context, traceId, ...span) =>
      context.getValue(OF_STRANGER) === true && trace.getSpanContext(context)?.isRemote === true
        ? // A trace id could be made up as well as a flag, so that its share of all is hit or missed.
          root.shouldSample(context, randomBytes(16).toString('hex'), ...span)
        : usual.shouldSample(context, traceId, ...span),
    toString: () => String(usual),
  }
}

function propagatorOf(names: TelemetrySettings['propagators']): TextMapPropagator {
  return new CompositePropagator({
    propagators: [
      ...(names.has('tracecontext') ? [new W3CTraceContextPropagator()] : []),
      ...(names.has('baggage') ? [new W3CBaggagePropagator()] : []),
    ],
  })
}

/** The place in a trace that work runs at. */
interface Here {
  span: StartedSpan
  context: Context
}

class OpenTelemetryTracing implements Tracing {
  readonly content: boolean
  readonly oldNames: boolean
  readonly #tracer: Tracer
  readonly #propagator: TextMapPropagator
  readonly #here = new AsyncLocalStorage<Here | undefined>()

  constructor(
    tracer: Tracer,
    propagator: TextMapPropagator,
    { content, oldNames }: Pick<Tracing, 'content' | 'oldNames'>,
  ) {
    this.#tracer = tracer
    this.#propagator = propagator
    this.content = content
    this.oldNames = oldNames
  }

  start({ name, kind, attributes = {}, parent, isOfStranger = false }: SpanStart): Span {
    const here = this.#here.getStore()
    const elsewhere = parent === undefined ? undefined : this.#extract(parent, isOfStranger)
    const hasElsewhere = elsewhere !== undefined && trace.getSpanContext(elsewhere) !== undefined
    const context = hasElsewhere ? elsewhere : (here?.context ?? elsewhere ?? ROOT_CONTEXT)
    const links = hasElsewhere && here !== undefined ? [{ context: here.span.api.spanContext() }] : []
    const span = this.#tracer.startSpan(
      name,
      { kind: KINDS[kind], attributes: defined(attributes), links },
      context,
    )
    return new StartedSpan(span, trace.setSpan(context, span))
  }

  within<T>(span: Span | undefined, work: () => T): T {
    const here = span instanceof StartedSpan ? { span, context: span.context } : undefined
    return this.#here.run(here, work)
  }

  active(): Span | undefined {
    return this.#here.getStore()?.span
  }

  #extract(carrier: Carrier, isOfStranger: boolean): Context {
    return this.#propagator.extract(ROOT_CONTEXT.setValue(OF_STRANGER, isOfStranger), carrier, {
      keys: (of) => defaultTextMapGetter.keys(of),
      // Members of a message may be anything.
      get: (of, key) => {
        const value: unknown = Object.hasOwn(of, key) ? of[key] : undefined
        return typeof value === 'string' ? value : undefined
      },
    })
  }
}

/** Baggage is for ourselves: who is asked for something is told the trace and no more. */
const OUTWARD = new W3CTraceContextPropagator()

class StartedSpan implements Span {
  readonly api: ApiSpan
  readonly context: Context
  readonly traceId: string
  readonly spanId: string

  constructor(api: ApiSpan, context: Context) {
    this.api = api
    this.context = context
    const { traceId, spanId } = api.spanContext()
    this.traceId = traceId
    this.spanId = spanId
  }

  get headers(): Record<string, string> {
    const headers: Record<string, string> = {}
    OUTWARD.inject(this.context, headers, defaultTextMapSetter)
    return headers
  }

  get isOpen(): boolean {
    return this.api.isRecording()
  }

  set(attributes: Attributes): void {
    this.api.setAttributes(defined(attributes))
  }

  rename(name: string): void {
    this.api.updateName(name)
  }

  fail(type: string, error?: unknown): void {
    this.api.setAttributes({ 'error.type': type })
    this.api.setStatus({ code: SpanStatusCode.ERROR })
    if (!(error instanceof Error)) return
    this.api.addEvent('exception', {
      'exception.type': error.name,
      'exception.message': plainMessage(error.message),
      'exception.stacktrace': plainStack(error.stack).join('\n'),
    })
  }

  end(): void {
    if (this.api.isRecording()) this.api.end()
  }
}

type Defined = Record<string, string | number | boolean | string[]>

function defined(attributes: Attributes): Defined {
  const found: Defined = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue
    found[name] = typeof value === 'object' ? [...value] : value
  }
  return found
}
