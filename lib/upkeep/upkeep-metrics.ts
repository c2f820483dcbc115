import { Gauge } from 'prom-client'
import { askForMetrics, metrics, mirrorCounts } from '../metrics.ts'
import type { Upkeep } from './upkeep.ts'

/** Adds to /metrics when each step was done last, by whichever instance, and what failed in this one. */
export function addUpkeepMetrics(upkeep: Upkeep): void {
  const gauge = new Gauge({
    name: 'incipit_upkeep_last_success_timestamp_seconds',
    help: 'When each step of the upkeep was done last, by any instance, in seconds since 1970',
    labelNames: ['step'],
    registers: [],
    async collect() {
      const last = await askForMetrics<{ step: string; at: number }>(LAST)
      for (const { step, at } of last ?? []) gauge.set({ step }, at)
    },
  })
  metrics().registry.registerMetric(gauge)
  mirrorCounts(
    'incipit_upkeep_failures_total',
    'Steps of the upkeep that failed in this process',
    ['step'],
    () => upkeep.failures,
  )
}

const LAST = {
  name: 'upkeep.last',
  text: 'SELECT step, extract(epoch FROM succeeded_at)::float8 AS at FROM upkeep',
}
