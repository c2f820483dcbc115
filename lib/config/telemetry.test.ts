import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.ts'
import { telemetryOf } from './telemetry.ts'

const PLACE = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }
const signals = (environment: Record<string, string>) => {
  const { traces, logs, warnings } = telemetryOf(environment)
  return [traces, logs, warnings.length]
}

describe('what is sent', () => {
  it.each<[Record<string, string>, unknown[]]>([
    [{}, [undefined, undefined, 0]],
    [{ OTEL_SERVICE_NAME: 'prompts' }, [undefined, undefined, 0]],
    [PLACE, ['http/protobuf', 'http/protobuf', 0]],
    [{ ...PLACE, OTEL_SDK_DISABLED: 'TRUE' }, [undefined, undefined, 0]],
    [{ ...PLACE, OTEL_LOGS_EXPORTER: 'none' }, ['http/protobuf', undefined, 0]],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://x/v1/traces' }, ['http/protobuf', undefined, 0]],
    [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'https://x/v1/logs' }, [undefined, 'http/protobuf', 0]],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, ['http/protobuf', undefined, 0]],
    [{ ...PLACE, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, ['http/json', 'http/json', 0]],
    [{ ...PLACE, OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' }, ['http/protobuf', 'http/json', 0]],
    [{ ...PLACE, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, [undefined, undefined, 2]],
    [{ ...PLACE, OTEL_TRACES_EXPORTER: 'zipkin' }, [undefined, 'http/protobuf', 1]],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, [undefined, undefined, 2]],
    [{ ...PLACE, OTEL_METRICS_EXPORTER: 'otlp' }, ['http/protobuf', 'http/protobuf', 1]],
  ])('%o', (environment, expected) => expect(signals(environment)).toEqual(expected))

  it('says at the start which value is not supported, what is, and what happens', () => {
    const { warnings } = loadConfig({ ...PLACE, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, '/nowhere')
    expect(warnings[0]).toBe(
      'OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not supported: http/protobuf, http/json are. No traces are sent; set it, and an endpoint for HTTP (port 4318 in most collectors).',
    )
  })
})

describe('the sampler', () => {
  it.each<[Record<string, string>, { name: string; ratio: number }, number]>([
    [{}, { name: 'parentbased_always_on', ratio: 1 }, 0],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, { name: 'always_off', ratio: 1 }, 0],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      { name: 'traceidratio', ratio: 0.25 },
      0,
    ],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
      { name: 'parentbased_traceidratio', ratio: 1 },
      1,
    ],
    [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, { name: 'parentbased_always_on', ratio: 1 }, 1],
  ])('of %o', (environment, sampler, count) => {
    const found = telemetryOf({ ...PLACE, ...environment })
    expect([found.sampler, found.warnings.length]).toEqual([sampler, count])
  })
})

it('takes the propagators that it knows, and warns of others', () => {
  const of = (names: string) => {
    const { propagators, warnings } = telemetryOf({ ...PLACE, OTEL_PROPAGATORS: names })
    return [[...propagators], warnings.length]
  }
  expect(of('')).toEqual([['tracecontext', 'baggage'], 0])
  expect(of('tracecontext, b3')).toEqual([['tracecontext'], 1])
  expect(of('none')).toEqual([[], 0])
})

it('captures content where a variable says so alone, and sends old names until it is asked not to', () => {
  const of = (more: Record<string, string>) => {
    const { content, oldNames, warnings } = telemetryOf({ ...PLACE, ...more })
    return [content, oldNames, warnings.length]
  }
  const CAPTURE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'
  expect(of({})).toEqual([false, true, 0])
  expect(of({ [CAPTURE]: 'true' })).toEqual([true, true, 0])
  expect(of({ [CAPTURE]: 'SPAN_ONLY' })).toEqual([true, true, 0])
  expect(of({ [CAPTURE]: 'EVENT_ONLY' })).toEqual([false, true, 1])
  expect(of({ OTEL_SEMCONV_STABILITY_OPT_IN: 'http, gen_ai_latest_experimental' })).toEqual([false, false, 0])
})

it('refuses a DSN that is none, by the name of its variable and without its value', () => {
  expect(() => loadConfig({ SENTRY_DSN: 'https://sentry.example.org/key-of-mine' }, '/nowhere')).toThrow(
    /SENTRY_DSN \(telemetry\.sentry_dsn\): expected a DSN such as (?!.*key-of-mine)/,
  )
  expect(loadConfig({ SENTRY_DSN: 'https://key@sentry.example.org/1' }, '/nowhere').telemetry).toMatchObject({
    sentry_dsn: 'https://key@sentry.example.org/1',
    environment: 'production',
  })
})
