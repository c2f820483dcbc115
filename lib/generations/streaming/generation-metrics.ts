import { Gauge } from 'prom-client'
import { metrics } from '../../metrics.ts'

/** Adds the open streams and the running attempts of this process to /metrics. */
export function addGenerationMetrics(hub: { readonly streams: number; readonly running: number }): void {
  const { registry } = metrics()
  registry.registerMetric(
    new Gauge({
      name: 'incipit_generation_streams',
      help: 'Open streams that follow a generation',
      registers: [],
      collect() {
        this.set(hub.streams)
      },
    }),
  )
  registry.registerMetric(
    new Gauge({
      name: 'incipit_generations_running',
      help: 'Calls to providers that run in this process',
      registers: [],
      collect() {
        this.set(hub.running)
      },
    }),
  )
}
