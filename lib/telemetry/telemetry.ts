/*
 * What the house knows of traces. Nothing here imports OpenTelemetry: its packages are loaded where they are switched
 * on (sdk/), and put their part in the place of `undefined`.
 */

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** server: an answer to somebody · client: a question to somebody · consumer: work that was asked for before. */
export type SpanKind = 'server' | 'client' | 'consumer' | 'internal'

/** Headers, or members of `_meta`, that say what a piece of work is a part of. */
export type Carrier = Readonly<Record<string, unknown>>

export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** For whoever is asked as a part of it: `traceparent`, and `tracestate` where there is one. */
  readonly headers: Readonly<Record<string, string>>
  /** It is sampled and has not ended. */
  readonly isOpen: boolean
  set(attributes: Attributes): void
  rename(name: string): void
  /**
   * Notes that it failed.
   * @param type a word out of few: a status, a code, the name of a class
   * @param error one that nobody expected; its message and stack are told without values
   */
  fail(type: string, error?: unknown): void
  end(): void
}

/** What a span is called, and what it says at first. */
export interface SpanStart {
  name: string
  kind: SpanKind
  attributes?: Attributes
}

/** What a piece of work is a part of, from elsewhere; the span under way, if there is another one, is linked. */
export interface Origin {
  carrier: Carrier
  /** Asked where the carrier names a parent: whoever named it, it has no say in whether this is sampled. */
  isOfStranger?: () => boolean
}

export interface Tracing {
  /**
   * Begins a piece of work. Whether its trace is sampled is decided where the trace begins here, and holds for all that
   * is a part of it: work of a trace that is not sampled has nothing but its ids, and makes no spans of its parts.
   * @param describe asked only for what is sampled
   * @param origin left out, or naming no parent: it is a part of the span under way
   */
  start(describe: () => SpanStart, origin?: Origin): Span
  /** Runs work as a part of a span; undefined: of none. */
  within<T>(span: Span | undefined, work: () => T): T
  /** The span under way, also when it has just ended. */
  active(): Span | undefined
  /** GenAI's texts, and the older of its names, are wanted. */
  readonly content: boolean
  readonly oldNames: boolean
}

/** A follower of the log: each line as it is written, a JSON object with its secrets taken out. */
export type Follower = (line: string) => void

/** Traces, logs and reports of errors of a process; each undefined while it is off. */
export interface Telemetry {
  tracing: Tracing | undefined
  logs: Follower | undefined
  errors: Follower | undefined
  /** Sends what is waiting, within a time. */
  flush: ((milliseconds: number) => Promise<void>) | undefined
}

export function noTelemetry(): Telemetry {
  return { tracing: undefined, logs: undefined, errors: undefined, flush: undefined }
}

const home = globalThis as { [key: symbol]: { telemetry?: Telemetry } | undefined }
const RUNTIME = Symbol.for('incipit')

/** The traces of this process; undefined: nothing is traced. Unlike `getRuntime` it makes no runtime. */
export function tracing(): Tracing | undefined {
  return home[RUNTIME]?.telemetry?.tracing
}
