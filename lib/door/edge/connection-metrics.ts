import { Counter, Gauge } from 'prom-client'
import { metrics } from '../../metrics.ts'
import type { Connections } from './connections.ts'

/** Adds the connections to /metrics, read at each scrape. Called once. */
export function addConnectionMetrics(watched: Connections): void {
  const { registry } = metrics()
  registry.registerMetric(
    new Gauge({
      name: 'incipit_http_connections',
      help: 'Open connections of clients',
      registers: [],
      collect() {
        this.set(watched.count)
      },
    }),
  )
  registry.registerMetric(
    new Gauge({
      name: 'incipit_unsent_bytes',
      help: 'Bytes of large answers that wait for their readers',
      registers: [],
      collect() {
        this.set(watched.heldBytes)
      },
    }),
  )
  registry.registerMetric(
    new Counter({
      name: 'incipit_readers_let_go_total',
      help: 'Connections that were closed because nobody read',
      registers: [],
      collect() {
        this.reset()
        this.inc(watched.letGoCount)
      },
    }),
  )
}
