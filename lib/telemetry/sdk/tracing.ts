import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Span as ApiSpan,
  SpanKind as ApiSpanKind,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  type TextMapGetter,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  type IdGenerator,
  RandomIdGenerator,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TelemetrySettings } from '../../config/telemetry.ts'
import { VERSION } from '../../version.ts'
import { plainMessage, plainStack } from '../failure.ts'
import type { Attributes, Carrier, Origin, Span, SpanKind, SpanStart, Tracing } from '../telemetry.ts'
import { type Decide, decisionOf } from './sampling.ts'

const KINDS: Readonly<Record<SpanKind, ApiSpanKind>> = {
  server: ApiSpanKind.SERVER,
  client: ApiSpanKind.CLIENT,
  consumer: ApiSpanKind.CONSUMER,
  internal: ApiSpanKind.INTERNAL,
}

/** Longest text of an attribute: beyond it a text is cut. */
const TEXT_LENGTH = 16_384

export type TracingSettings = Pick<TelemetrySettings, 'sampler' | 'propagators' | 'content' | 'oldNames'>

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
  settings: TracingSettings,
  resource: Resource,
  processor: SpanProcessor,
): MadeTracing {
  const ids = new Ids()
  const provider = new TracerProvider({
    resource,
    // What it would not sample never reaches it.
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanProcessors: [processor],
    spanLimits: { attributeValueLengthLimit: TEXT_LENGTH },
  })
  return {
    tracing: new OpenTelemetryTracing(provider.getTracer('incipit', VERSION), ids, settings),
    provider,
  }
}

/** Random ids. A trace keeps the one that was drawn to decide whether it is sampled. */
class Ids implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  #drawn = ''

  draw(): string {
    this.#drawn = this.#random.generateTraceId()
    return this.#drawn
  }

  /** Asked for a trace that was drawn just now. */
  generateTraceId(): string {
    return this.#drawn
  }

  generateSpanId(): string {
    return this.#random.generateSpanId()
  }
}

const W3C = new W3CTraceContextPropagator()

/** Members of a message may be anything. */
const TEXTS: TextMapGetter<Carrier> = {
  keys: Object.keys,
  get(carrier, key) {
    const value: unknown = Object.hasOwn(carrier, key) ? carrier[key] : undefined
    return typeof value === 'string' ? value : undefined
  },
}

const isNoStranger = () => false

class OpenTelemetryTracing implements Tracing {
  readonly content: boolean
  readonly oldNames: boolean
  readonly #tracer: Tracer
  readonly #ids: Ids
  readonly #decide: Decide
  readonly #readsParents: boolean
  readonly #here = new AsyncLocalStorage<TracedSpan | undefined>()

  constructor(tracer: Tracer, ids: Ids, { content, oldNames, sampler, propagators }: TracingSettings) {
    this.content = content
    this.oldNames = oldNames
    this.#tracer = tracer
    this.#ids = ids
    this.#decide = decisionOf(sampler)
    this.#readsParents = propagators.has('tracecontext')
  }

  start(describe: () => SpanStart, origin?: Origin): TracedSpan {
    const here = this.#here.getStore()
    const parent = origin === undefined ? undefined : this.#parentIn(origin.carrier)
    if (parent === undefined && here !== undefined)
      return here instanceof UnsampledSpan ? here : this.#record(describe(), here.place)
    const traceId = parent?.traceId ?? this.#ids.draw()
    return this.#decide(traceId, parent, origin?.isOfStranger ?? isNoStranger)
      ? this.#record(describe(), parent, here)
      : new UnsampledSpan(this.#ids, traceId, parent)
  }

  /** Work of a trace that is not sampled is within the same span as what it is a part of. */
  within<T>(span: Span | undefined, work: () => T): T {
    if (span === this.#here.getStore()) return work()
    return this.#here.run(
      span instanceof StartedSpan || span instanceof UnsampledSpan ? span : undefined,
      work,
    )
  }

  active(): Span | undefined {
    return this.#here.getStore()
  }

  #record(
    { name, kind, attributes = {} }: SpanStart,
    parent: SpanContext | undefined,
    linked?: TracedSpan,
  ): StartedSpan {
    const links = linked === undefined ? [] : [{ context: linked.place }]
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent)
    return new StartedSpan(
      this.#tracer.startSpan(name, { kind: KINDS[kind], attributes: defined(attributes), links }, context),
    )
  }

  #parentIn(carrier: Carrier): SpanContext | undefined {
    // Most requests name none.
    if (!this.#readsParents || carrier.traceparent === undefined) return undefined
    return trace.getSpanContext(W3C.extract(ROOT_CONTEXT, carrier, TEXTS))
  }
}

/** Baggage is for nobody: who is asked for something is told the trace and no more. */
function headersOf(place: SpanContext): Record<string, string> {
  const headers: Record<string, string> = {}
  W3C.inject(trace.setSpanContext(ROOT_CONTEXT, place), headers, defaultTextMapSetter)
  return headers
}

type TracedSpan = StartedSpan | UnsampledSpan

/** The ids of a trace that is not sampled, for the log, and for whoever is asked as a part of it. */
class UnsampledSpan implements Span {
  readonly traceId: string
  readonly isOpen = false
  readonly #ids: IdGenerator
  readonly #parent: SpanContext | undefined
  #spanId: string | undefined

  constructor(ids: IdGenerator, traceId: string, parent: SpanContext | undefined) {
    this.traceId = traceId
    this.#ids = ids
    this.#parent = parent
  }

  get spanId(): string {
    this.#spanId ??= this.#ids.generateSpanId()
    return this.#spanId
  }

  get place(): SpanContext {
    const { traceId, spanId } = this
    const traceState = this.#parent?.traceState
    return { traceId, spanId, traceFlags: TraceFlags.NONE, ...(traceState !== undefined && { traceState }) }
  }

  get headers(): Record<string, string> {
    return headersOf(this.place)
  }

  set(): void {
    // Nobody reads it.
  }

  rename(): void {
    // Nobody reads it.
  }

  fail(): void {
    // The log has it.
  }

  end(): void {
    // It never began.
  }
}

class StartedSpan implements Span {
  readonly #api: ApiSpan
  readonly traceId: string
  readonly spanId: string

  constructor(api: ApiSpan) {
    this.#api = api
    const { traceId, spanId } = api.spanContext()
    this.traceId = traceId
    this.spanId = spanId
  }

  get place(): SpanContext {
    return this.#api.spanContext()
  }

  get headers(): Record<string, string> {
    return headersOf(this.place)
  }

  get isOpen(): boolean {
    return this.#api.isRecording()
  }

  set(attributes: Attributes): void {
    this.#api.setAttributes(defined(attributes))
  }

  rename(name: string): void {
    this.#api.updateName(name)
  }

  fail(type: string, error?: unknown): void {
    this.#api.setAttributes({ 'error.type': type })
    this.#api.setStatus({ code: SpanStatusCode.ERROR })
    if (!(error instanceof Error)) return
    this.#api.addEvent('exception', {
      'exception.type': error.name,
      'exception.message': plainMessage(error.message),
      'exception.stacktrace': plainStack(error.stack).join('\n'),
    })
  }

  end(): void {
    if (this.#api.isRecording()) this.#api.end()
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
