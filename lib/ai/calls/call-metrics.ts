import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { metrics } from '../../metrics.ts'
import { getRuntime } from '../../runtime.ts'
import type { TokenCount } from '../providers/provider.ts'
import { breakers } from './breaker.ts'
import type { Reading } from './read-answer.ts'

/** What /metrics tells of calls to providers. Addresses are no labels: people make them up. */
export interface CallMetrics {
  /** @param outcome `succeeded`, `ended` (by the caller) or the kind of failure */
  count(provider: string, outcome: string, reading: Pick<Reading, 'startedAt' | 'firstTextAt'>): void
  addTokens(provider: string, tokens: TokenCount): void
}

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

/** Made at the first use; the start calls it, so that the figures are there from the beginning. */
export function callMetrics(): CallMetrics {
  return getRuntime().once('ai.call-metrics', createCallMetrics)
}

function createCallMetrics(): CallMetrics {
  const { registry } = metrics()
  const registers = [registry]
  const calls = new Counter({
    name: 'incipit_provider_calls_total',
    help: 'Calls to providers by outcome',
    labelNames: ['provider', 'outcome'],
    registers,
  })
  const tokens = new Counter({
    name: 'incipit_provider_tokens_total',
    help: 'Tokens of calls that succeeded',
    labelNames: ['provider', 'direction'],
    registers,
  })
  const duration = new Histogram({
    name: 'incipit_provider_call_seconds',
    help: 'Time of whole calls',
    labelNames: ['provider'],
    buckets: SECONDS,
    registers,
  })
  const firstText = new Histogram({
    name: 'incipit_provider_first_text_seconds',
    help: 'Time from the call to its first text',
    labelNames: ['provider'],
    buckets: SECONDS,
    registers,
  })
  addBreakerStates(registry)
  return {
    count(provider, outcome, { startedAt, firstTextAt }) {
      calls.inc({ provider, outcome })
      duration.observe({ provider }, (performance.now() - startedAt) / 1000)
      if (firstTextAt !== undefined) firstText.observe({ provider }, (firstTextAt - startedAt) / 1000)
    },
    addTokens(provider, { input, output }) {
      tokens.inc({ provider, direction: 'input' }, input)
      tokens.inc({ provider, direction: 'output' }, output)
    },
  }
}

function addBreakerStates(registry: Registry): void {
  const gauge = new Gauge({
    name: 'incipit_provider_breakers',
    help: 'Addresses of providers that have failed lately, by the state of their circuit breaker',
    labelNames: ['provider', 'state'],
    registers: [],
    collect() {
      this.reset()
      for (const [target, state] of breakers().states())
        this.inc({ provider: target.split(' ')[0] ?? '', state })
    },
  })
  registry.registerMetric(gauge)
}
