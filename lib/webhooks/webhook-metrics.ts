import { addAskedGauges, addCounter } from '../metrics.ts'

export const DELIVERIES = 'incipit_webhook_deliveries_total'

const FIGURES = `SELECT (SELECT count(*)::integer FROM webhook_delivery WHERE state = 'waiting')
    AS incipit_webhook_waiting,
  (SELECT count(*)::integer FROM webhook WHERE enabled AND failing_since IS NOT NULL) AS incipit_webhooks_failing,
  (SELECT count(*)::integer FROM alert_event WHERE resolved_at IS NULL) AS incipit_alerts_firing`

/** Adds webhooks and alerts to /metrics. But for the counter, every instance tells the same. */
export function addWebhookMetrics(): void {
  addCounter({
    name: DELIVERIES,
    help: 'Tries of this instance to deliver something to a webhook: delivered, failed (it is tried again), given_up',
    labelNames: ['outcome'],
  })
  addAskedGauges(
    { name: 'webhooks.figures', text: FIGURES },
    {
      incipit_webhook_waiting: 'Deliveries to webhooks that are yet to arrive',
      incipit_webhooks_failing: 'Webhooks that are on and whose last delivery failed',
      incipit_alerts_firing: 'Alerts that fire now',
    },
  )
}
