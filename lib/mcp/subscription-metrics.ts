import { Gauge } from 'prom-client'
import { metrics } from '../metrics.ts'

/** Adds the number of open notification streams to /metrics. */
export function addSubscriptionMetrics(subscriptions: { readonly size: number }): void {
  const gauge = new Gauge({
    name: 'incipit_mcp_subscriptions',
    help: 'Open MCP notification streams',
    registers: [],
    collect() {
      this.set(subscriptions.size)
    },
  })
  metrics().registry.registerMetric(gauge)
}
