import { tmpdir } from 'node:os'
import path from 'node:path'
import { Counter, Histogram, type Metric, Summary } from 'prom-client'
import { addFunctionMetrics } from '../../inngest/function-metrics.ts'
import { addMetrics } from '../../lib/boot/add-metrics.ts'
import { UPKEEP } from '../../lib/boot/boot.ts'
import { loadConfig } from '../../lib/config/load.ts'
import { metrics } from '../../lib/metrics.ts'
import { createRuntime, setRuntime } from '../../lib/runtime.ts'

/** A metric of /metrics. */
export interface Registered {
  name: string
  type: 'counter' | 'gauge' | 'histogram' | 'summary'
  labels: readonly string[]
  help: string
}

/** Every metric that an instance has from its start, by name. Connects to nothing. */
export async function registeredMetrics(): Promise<Registered[]> {
  const root = path.resolve(import.meta.dirname, '../..')
  const folder = path.join(tmpdir(), 'incipit-metrics')
  const runtime = createRuntime(loadConfig({ INCIPIT_DATA_DIR: folder, INCIPIT_LOG_LEVEL: 'silent' }, root))
  setRuntime(runtime)
  try {
    addMetrics(UPKEEP)
    addFunctionMetrics()
    const all = metrics().registry.getMetricsAsArray() as unknown as Described[]
    return all
      .map((each) => ({ name: each.name, type: typeOf(each), labels: each.labelNames, help: each.help }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } finally {
    await runtime.close()
    setRuntime(undefined)
  }
}

/** The fields of a metric that the library's types keep to themselves. */
type Described = Metric & { name: string; help: string; labelNames: string[] }

function typeOf(metric: Metric): Registered['type'] {
  if (metric instanceof Counter) return 'counter'
  if (metric instanceof Histogram) return 'histogram'
  return metric instanceof Summary ? 'summary' : 'gauge'
}
