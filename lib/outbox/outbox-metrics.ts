import { addAskedGauges } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'

const FIGURES = `SELECT count(*) FILTER (WHERE tries < $1)::integer AS incipit_outbox_queued,
    coalesce(extract(epoch FROM now() - min(written_at) FILTER (WHERE tries < $1)), 0)::float8
      AS incipit_outbox_oldest_seconds,
    count(*) FILTER (WHERE tries >= $1)::integer AS incipit_outbox_poisoned
  FROM outbox`

/** Adds to /metrics what waits in the outbox, of all workspaces and instances. Every instance tells the same. */
export function addOutboxMetrics(): void {
  const values = [getRuntime().config.limits.outbox_tries]
  addAskedGauges(
    { name: 'outbox.figures', text: FIGURES, values },
    {
      incipit_outbox_queued: 'Messages that are to be sent',
      incipit_outbox_oldest_seconds: 'Age of the oldest message that is to be sent; 0 when none is',
      incipit_outbox_poisoned: 'Messages that were refused again and again: they are kept and no longer sent',
    },
  )
}
