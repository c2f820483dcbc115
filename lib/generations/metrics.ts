import { addAskedGauges, addGauge } from '../metrics.ts'
import { generationHub } from './streaming/hub.ts'

/** Of all workspaces and instances; one look along the index of what is open. */
const QUEUED = {
  name: 'generations.waiting',
  text: `SELECT count(*)::integer AS incipit_queue_queued,
      coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS incipit_queue_oldest_seconds
    FROM generated_content WHERE status = 'queued'`,
}

/**
 * Adds to /metrics the attempts that run in this process, and how many generations wait, and for how long the oldest
 * does: of these every instance tells the same.
 */
export function addGenerationMetrics(): void {
  addGauge({
    name: 'incipit_generations_running',
    help: 'Calls to providers that run in this process',
    collect() {
      this.set(generationHub().running)
    },
  })
  addAskedGauges(QUEUED, {
    incipit_queue_queued: 'Generations that no process has begun',
    incipit_queue_oldest_seconds: 'Age of the oldest generation that no process has begun; 0 when none waits',
  })
}
