import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { compareInTurns, ROUNDS } from './in-turns.ts'
import { startProduct } from './product.ts'
import { CONNECTIONS, SCENARIOS } from './scenarios.ts'
import { printTable } from './stats.ts'

const PROMPTS = 1000
const HOT = SCENARIOS.filter(({ name }) => /prompts\/get|REST render/.test(name))

/** What may be switched on, on top of the address of a collector. */
const WAYS: { name: string; env: Record<string, string> }[] = [
  {
    name: 'traces, one in a hundred',
    env: {
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.01',
    },
  },
  { name: 'all traces', env: { OTEL_LOGS_EXPORTER: 'none' } },
  { name: 'all traces and logs', env: {} },
]

/** What traces and logs cost on the hot paths, beside the same build without them. */
export async function benchTelemetry(): Promise<void> {
  const collector = fork(path.join(import.meta.dirname, 'load/collector.ts'), [], { execArgv: [] })
  const [url] = (await once(collector, 'message')) as [string]
  const off = await startProduct(PROMPTS)
  const rows: string[][] = []
  for (const way of WAYS) {
    const on = await startProduct(PROMPTS, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...way.env } })
    for (const { name, requests } of HOT)
      rows.push([
        name,
        way.name,
        ...(await compareInTurns(
          { product: off, requests: requests(off.url) },
          { product: on, requests: requests(on.url) },
        )),
      ])
    await on.stop()
  }
  await off.stop()
  collector.kill()
  printTable(
    `Telemetry: off beside on; medians of ${ROUNDS} rounds in turns, ${CONNECTIONS} connections`,
    ['request', 'on', 'req/s off', 'req/s on', '× off', 'CPU µs more'],
    rows,
  )
}
