import type { Environment } from './environment.ts'

/*
 * OpenTelemetry is set up by the variables of its specification. What decides whether and what is collected is
 * read here; how it is sent (headers, certificates, compression, time limits) its exporters read by themselves.
 */

export type OtlpProtocol = 'http/protobuf' | 'http/json'

export type SamplerName =
  | 'always_on'
  | 'always_off'
  | 'traceidratio'
  | 'parentbased_always_on'
  | 'parentbased_always_off'
  | 'parentbased_traceidratio'

export interface TelemetrySettings {
  /** How spans and lines of the log are sent; undefined: they are not. */
  traces: OtlpProtocol | undefined
  logs: OtlpProtocol | undefined
  /** `ratio`: the part of all traces, for those that count one. */
  sampler: { name: SamplerName; ratio: number }
  propagators: ReadonlySet<'tracecontext' | 'baggage'>
  /** Texts of messages and answers go into the spans of calls to models. */
  content: boolean
  /** The names that GenAI's conventions had before are sent as well. */
  oldNames: boolean
  /** What was asked for and is not done, for the log. */
  warnings: string[]
}

const PROTOCOLS: readonly OtlpProtocol[] = ['http/protobuf', 'http/json']
const SAMPLERS: readonly SamplerName[] = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
]
const PROPAGATORS = ['tracecontext', 'baggage'] as const
const OFF: TelemetrySettings = {
  traces: undefined,
  logs: undefined,
  sampler: { name: 'parentbased_always_on', ratio: 1 },
  propagators: new Set(),
  content: false,
  oldNames: false,
  warnings: [],
}

/** Reads the OTEL_ variables. A value that means nothing here is warned of and left out, as the specification asks. */
export function telemetryOf(environment: Environment): TelemetrySettings {
  const read = reader(environment)
  if (read.text('OTEL_SDK_DISABLED').toLowerCase() === 'true') return OFF
  const traces = signalOf(read, 'TRACES')
  const logs = signalOf(read, 'LOGS')
  if (traces === undefined && logs === undefined) return { ...OFF, warnings: read.warnings }
  warnOfMetrics(read)
  return {
    traces,
    logs,
    sampler: samplerOf(read),
    propagators: propagatorsOf(read),
    content: contentOf(read),
    oldNames: !read.list('OTEL_SEMCONV_STABILITY_OPT_IN').includes('gen_ai_latest_experimental'),
    warnings: read.warnings,
  }
}

interface Reader {
  text(name: string): string
  list(name: string): string[]
  warnings: string[]
  /** Warns of a value. */
  unknown(name: string, allowed: readonly string[], instead: string): void
}

function reader(environment: Environment): Reader {
  const text = (name: string) => environment[name]?.trim() ?? ''
  const warnings: string[] = []
  return {
    text,
    list: (name) =>
      text(name)
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    warnings,
    unknown: (name, allowed, instead) =>
      void warnings.push(`${name}=${text(name)} is not supported: ${allowed.join(', ')} are. ${instead}`),
  }
}

/** A signal is sent where an address says where to, or the exporter is named (to this machine then). */
function signalOf(read: Reader, signal: 'TRACES' | 'LOGS'): OtlpProtocol | undefined {
  const exporter = `OTEL_${signal}_EXPORTER`
  const named = read.text(exporter)
  if (named === 'none') return undefined
  if (named !== '' && named !== 'otlp') {
    read.unknown(exporter, ['otlp', 'none'], `No ${signal.toLowerCase()} are sent.`)
    return undefined
  }
  const own = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`
  const place = [own, 'OTEL_EXPORTER_OTLP_ENDPOINT'].find((name) => read.text(name) !== '')
  if (place === undefined) return named === 'otlp' ? protocolOf(read, signal) : undefined
  if (/^https?:\/\/[^/]/.test(read.text(place)) && URL.canParse(read.text(place)))
    return protocolOf(read, signal)
  read.warnings.push(
    `${place} is no address such as http://collector:4318: no ${signal.toLowerCase()} are sent.`,
  )
  return undefined
}

/** gRPC would be another port and another way of speaking: what is sent there in HTTP is lost. */
function protocolOf(read: Reader, signal: 'TRACES' | 'LOGS'): OtlpProtocol | undefined {
  const own = `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`
  const name = read.text(own) === '' ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : own
  const wanted = read.text(name)
  const known = PROTOCOLS.find((protocol) => protocol === (wanted || 'http/protobuf'))
  if (known === undefined)
    read.unknown(
      name,
      PROTOCOLS,
      `No ${signal.toLowerCase()} are sent; set it, and an endpoint for HTTP (port 4318 in most collectors).`,
    )
  return known
}

function warnOfMetrics(read: Reader): void {
  const asked = read.text('OTEL_METRICS_EXPORTER')
  if ((asked !== '' && asked !== 'none') || read.text('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT') !== '')
    read.warnings.push(
      'OTEL_METRICS_EXPORTER and OTEL_EXPORTER_OTLP_METRICS_ENDPOINT are not supported: metrics are scraped from /metrics, by a collector too.',
    )
}

function samplerOf(read: Reader): TelemetrySettings['sampler'] {
  const wanted = read.text('OTEL_TRACES_SAMPLER') || OFF.sampler.name
  const name = SAMPLERS.find((sampler) => sampler === wanted)
  if (name === undefined) {
    read.unknown('OTEL_TRACES_SAMPLER', SAMPLERS, `Sampled as ${OFF.sampler.name}.`)
    return OFF.sampler
  }
  if (!name.endsWith('traceidratio')) return { name, ratio: 1 }
  const text = read.text('OTEL_TRACES_SAMPLER_ARG')
  const ratio = text === '' ? 1 : Number(text)
  if (ratio >= 0 && ratio <= 1) return { name, ratio }
  read.warnings.push(`OTEL_TRACES_SAMPLER_ARG=${text} is no number from 0 to 1: every trace is sampled.`)
  return { name, ratio: 1 }
}

function propagatorsOf(read: Reader): TelemetrySettings['propagators'] {
  const wanted = read.list('OTEL_PROPAGATORS')
  if (wanted.length === 0) return new Set(PROPAGATORS)
  const strange = wanted.filter((name) => name !== 'none' && !PROPAGATORS.some((known) => known === name))
  if (strange.length > 0)
    read.unknown('OTEL_PROPAGATORS', [...PROPAGATORS, 'none'], `Left out: ${strange.join(', ')}.`)
  return new Set(PROPAGATORS.filter((name) => wanted.includes(name)))
}

const CONTENT = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'
const ON_SPANS: readonly string[] = ['true', 'span_only', 'span_and_event']
const NOWHERE: readonly string[] = ['', 'false', 'no_content']

function contentOf(read: Reader): boolean {
  const wanted = read.text(CONTENT).toLowerCase()
  if (ON_SPANS.includes(wanted)) return true
  if (!NOWHERE.includes(wanted))
    read.unknown(CONTENT, ['true', 'false', 'SPAN_ONLY', 'NO_CONTENT'], 'No content is sent.')
  return false
}
