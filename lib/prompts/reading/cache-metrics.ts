import { Gauge } from 'prom-client'
import { metrics } from '../../metrics.ts'

/** Adds what is held in memory of prompts to /metrics. */
export function addCacheMetrics(held: {
  readonly resolutions: { readonly size: number }
  readonly versions: { readonly size: number }
}): void {
  const gauge = new Gauge({
    name: 'incipit_cached',
    help: 'Held in memory: names resolved to a version, and versions compiled',
    labelNames: ['what'],
    registers: [],
    collect() {
      this.set({ what: 'resolutions' }, held.resolutions.size)
      this.set({ what: 'versions' }, held.versions.size)
    },
  })
  metrics().registry.registerMetric(gauge)
}
