import { Gauge } from 'prom-client'
import { addAskedGauges, metrics } from '../metrics.ts'

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

/** Of all workspaces and instances; one look along the index of what is open. */
const QUEUED = {
  name: 'generations.waiting',
  text: `SELECT count(*)::integer AS incipit_queue_queued,
      coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS incipit_queue_oldest_seconds
    FROM generated_content WHERE status = 'queued'`,
}

/** Adds to /metrics how many generations wait, and for how long the oldest does. Every instance tells the same. */
export function addQueueMetrics(): void {
  addAskedGauges(QUEUED, {
    incipit_queue_queued: 'Generations that no process has begun',
    incipit_queue_oldest_seconds: 'Age of the oldest generation that no process has begun; 0 when none waits',
  })
}
