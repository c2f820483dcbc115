import { addGauge, mirrorCounts } from '../../metrics.ts'
import { connections } from './connections.ts'

/** Adds the connections to /metrics, read at each scrape. */
export function addConnectionMetrics(): void {
  addGauge({
    name: 'incipit_http_connections',
    help: 'Open connections of clients',
    collect() {
      this.set(connections().count)
    },
  })
  addGauge({
    name: 'incipit_unsent_bytes',
    help: 'Bytes of large answers that wait for their readers',
    collect() {
      this.set(connections().heldBytes)
    },
  })
  mirrorCounts(
    {
      name: 'incipit_readers_let_go_total',
      help: 'Connections that were closed because nobody read',
      labelNames: [],
    },
    () => [['', connections().letGoCount]],
  )
}
