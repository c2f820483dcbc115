import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { type OtlpRequest, type ReceivedRecord, type ReceivedSpan, recordsOf, spansOf } from './otlp.ts'
import { readRequest } from './protobuf.ts'

/** A server that takes what a collector and an error tracker take. */
export interface TelemetryDouble {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string
  /** For SENTRY_DSN. */
  readonly dsn: string
  readonly spans: ReceivedSpan[]
  readonly records: ReceivedRecord[]
  /** The items of envelopes: header and payload. */
  readonly events: Record<string, unknown>[]
  /** Everything that came, headers included, as text. */
  readonly raw: string[]
  /** Answers with this status from now on. */
  status: number
  /** Resolves when something has come that satisfies; it is looked for at each request. */
  until<T>(look: () => T | undefined): Promise<T>
  close(): Promise<void>
}

/** @param port 0: a free one */
export async function startTelemetryDouble(port = 0): Promise<TelemetryDouble> {
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    void receive(request).finally(() => {
      response.writeHead(double.status, { 'content-type': 'application/json' }).end('{}')
      for (const look of waiting) look()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: own } = server.address() as AddressInfo
  const double: TelemetryDouble = {
    url: `http://127.0.0.1:${own}`,
    dsn: `http://public-key@127.0.0.1:${own}/7`,
    spans: [],
    records: [],
    events: [],
    raw: [],
    status: 200,
    until: (look) =>
      new Promise((resolve) => {
        const again = () => {
          const found = look()
          if (found === undefined) return
          waiting.delete(again)
          resolve(found)
        }
        waiting.add(again)
        again()
      }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function receive(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
    double.raw.push(JSON.stringify(request.headers), body.toString('latin1'), body.toString())
    if (double.status !== 200) return
    const isJson = request.headers['content-type'] === 'application/json'
    const read = (signal: 'traces' | 'logs') =>
      (isJson ? JSON.parse(body.toString()) : readRequest(signal, body)) as OtlpRequest
    if (request.url === '/v1/traces') double.spans.push(...spansOf(read('traces')))
    else if (request.url === '/v1/logs') double.records.push(...recordsOf(read('logs')))
    else if (request.url === '/api/7/envelope/') double.events.push(...eventsOf(body.toString()))
  }
  return double
}

function eventsOf(envelope: string): Record<string, unknown>[] {
  const [, ...lines] = envelope.trimEnd().split('\n')
  const items: Record<string, unknown>[] = []
  for (let n = 0; n + 1 < lines.length; n += 2) {
    const header = JSON.parse(lines[n] ?? '') as Record<string, unknown>
    if (header.type === 'event') items.push(JSON.parse(lines[n + 1] ?? '') as Record<string, unknown>)
  }
  return items
}
