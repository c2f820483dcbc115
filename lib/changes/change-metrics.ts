import { Gauge } from 'prom-client'
import { metrics } from '../metrics.ts'

/** Adds the number of open streams of changes to /metrics. */
export function addChangeMetrics(hub: { readonly size: number }): void {
  const gauge = new Gauge({
    name: 'incipit_change_streams',
    help: 'Open pages that are told of changes',
    registers: [],
    collect() {
      this.set(hub.size)
    },
  })
  metrics().registry.registerMetric(gauge)
}
