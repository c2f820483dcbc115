import { Gauge } from 'prom-client'
import { askForMetrics, metrics } from '../metrics.ts'

interface Queued {
  count: number
  seconds: number
}

/** Of all workspaces and instances; one look along the index of what is open. */
const QUEUED = {
  name: 'generations.waiting',
  text: `SELECT count(*)::integer AS count,
      coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds
    FROM generated_content WHERE status = 'queued'`,
}

/** Adds to /metrics how many generations wait, and for how long the oldest does. Every instance tells the same. */
export function addQueueMetrics(): void {
  let asked: Promise<Queued | undefined> | undefined
  // Both gauges are read in the same moment: one question is enough.
  const ask = () => {
    asked ??= askForMetrics<Queued>(QUEUED)
      .then((rows) => rows?.[0])
      .finally(() => {
        asked = undefined
      })
    return asked
  }
  add('incipit_queue_queued', 'Generations that no process has begun', async () => (await ask())?.count)
  add(
    'incipit_queue_oldest_seconds',
    'Age of the oldest generation that no process has begun; 0 when none waits',
    async () => (await ask())?.seconds,
  )
}

function add(name: string, help: string, value: () => Promise<number | undefined>): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      const found = await value()
      if (found !== undefined) this.set(found)
    },
  })
  metrics().registry.registerMetric(gauge)
}
