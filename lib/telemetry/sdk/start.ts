import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { OtlpProtocol } from '../../config/telemetry.ts'
import type { Runtime } from '../../runtime.ts'
import { VERSION } from '../../version.ts'
import type { SentCounts } from '../sent.ts'
import { createLogs } from './logs.ts'
import { Outlet } from './outlet.ts'
import { createTracing } from './tracing.ts'

/** How often what waits is sent; a full batch is sent at once. */
const TRACES_EVERY_MS = 2000
const LOGS_EVERY_MS = 1000
const BATCH = 512

/** Puts traces and logs in place, as far as they are wanted. @returns what sends all that waits */
export async function startOpenTelemetry(
  runtime: Runtime,
  counts: SentCounts,
): Promise<(() => Promise<unknown>)[]> {
  const { config, telemetry, log } = runtime
  const { traces, logs } = config.openTelemetry
  // Its own words are about lines of ours; what matters of them is told by the outlets.
  diag.setLogger(diagLog(runtime), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  const resource = resourceOf(config.telemetry.environment)
  const options = { room: config.telemetry.queue, counts, log }
  const flushes: (() => Promise<unknown>)[] = []
  if (traces !== undefined) {
    const outlet = new Outlet(await traceExporter(traces), { signal: 'traces', ...options })
    const processor = new BatchSpanProcessor({
      exporter: outlet,
      maxQueueSize: options.room,
      maxExportBatchSize: Math.min(BATCH, options.room),
      scheduledDelayMillis: TRACES_EVERY_MS,
    })
    const { tracing, provider } = createTracing(config.openTelemetry, resource, bounded(processor, outlet))
    telemetry.tracing = tracing
    flushes.push(() => provider.shutdown())
  }
  if (logs !== undefined) {
    const outlet = new Outlet(await logExporter(logs), { signal: 'logs', ...options })
    const processor = new BatchLogRecordProcessor({
      exporter: outlet,
      maxQueueSize: options.room,
      maxExportBatchSize: Math.min(BATCH, options.room),
      scheduledDelayMillis: LOGS_EVERY_MS,
    })
    const { follow, provider } = createLogs(resource, boundedLogs(processor, outlet))
    telemetry.logs = follow
    flushes.push(() => provider.shutdown())
  }
  return flushes
}

type Room = Pick<Outlet<unknown>, 'takes'>

/** A processor that hands on what there is room for. */
function bounded(processor: SpanProcessor, outlet: Room): SpanProcessor {
  return {
    onStart: (span, context) => processor.onStart(span, context),
    onEnd(span) {
      if (outlet.takes()) processor.onEnd(span)
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  }
}

function boundedLogs(processor: LogRecordProcessor, outlet: Room): LogRecordProcessor {
  return {
    onEmit(record, context) {
      if (outlet.takes()) processor.onEmit(record, context)
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  }
}

/** Where to and how, they read from the variables of the specification by themselves. */
async function traceExporter(protocol: OtlpProtocol) {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter()
}

async function logExporter(protocol: OtlpProtocol) {
  const { OTLPLogExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-logs-otlp-http')
      : await import('@opentelemetry/exporter-logs-otlp-proto')
  return new OTLPLogExporter()
}

/** This instance; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say more, or something else. */
function resourceOf(environment: string): Resource {
  const own = resourceFromAttributes({
    'service.name': 'incipit',
    'service.version': VERSION,
    'service.instance.id': randomUUID(),
    'deployment.environment.name': environment,
    'host.name': hostname(),
    'process.pid': process.pid,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
  })
  return own.merge(detectResources({ detectors: [envDetector] }))
}

function diagLog({ log }: Runtime) {
  const tell = (message: string, ...rest: unknown[]) =>
    log.debug({ part: 'opentelemetry', more: rest.map(String) }, message)
  return { error: tell, warn: tell, info: tell, debug: tell, verbose: tell }
}
