import { CappedLabel, Durations } from '../../durations.ts'
import { addCounter, addGauge, countsOf, mirrorDurations } from '../../metrics.ts'
import { getRuntime } from '../../runtime.ts'
import { costOf } from '../cost.ts'
import type { TokenCount } from '../providers/provider.ts'
import type { ConfigurationFacts } from '../schema.ts'
import { breakers } from './breaker.ts'
import type { Reading } from './read-answer.ts'

const CALLS = 'incipit_provider_calls_total'
const TOKENS = 'incipit_provider_tokens_total'
const COST = 'incipit_provider_cost_dollars_total'
const UNPRICED = 'incipit_provider_unpriced_calls_total'
const BOUNDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

interface CallDurations {
  readonly whole: Durations
  readonly firstText: Durations
  /** People name configurations. */
  readonly names: CappedLabel
}

function durations(): CallDurations {
  return getRuntime().once('ai.call-metrics', ({ config }) => ({
    whole: new Durations(BOUNDS),
    firstText: new Durations(BOUNDS),
    names: new CappedLabel(config.limits.metrics_configurations),
  }))
}

/**
 * Counts a call that has ended; every call ends here. Addresses are no labels: people make them up.
 * @param outcome `succeeded`, `ended` (by the caller) or the kind of failure
 */
export function countCall(
  provider: string,
  configuration: string,
  outcome: string,
  { startedAt, firstTextAt }: Pick<Reading, 'startedAt' | 'firstTextAt'>,
): void {
  const { whole, firstText, names } = durations()
  countsOf(CALLS).add(`${provider} ${names.of(configuration)} ${outcome}`)
  whole.add(provider, (performance.now() - startedAt) / 1000)
  if (firstTextAt !== undefined) firstText.add(provider, (firstTextAt - startedAt) / 1000)
}

/** Counts what a call that succeeded took, in tokens and in money. */
export function countSpending(provider: string, facts: ConfigurationFacts, tokens: TokenCount): void {
  const key = `${provider} ${durations().names.of(facts.name)}`
  countsOf(TOKENS).add(`${key} input`, tokens.input)
  countsOf(TOKENS).add(`${key} output`, tokens.output)
  const cost = costOf(facts, tokens)
  if (cost === null) countsOf(UNPRICED).add(key)
  else countsOf(COST).add(key, cost)
}

/** Adds what calls to providers come to to /metrics. */
export function addCallMetrics(): void {
  const of = ['provider', 'configuration']
  addCounter({ name: CALLS, help: 'Calls to providers by outcome', labelNames: [...of, 'outcome'] })
  addCounter({ name: TOKENS, help: 'Tokens of calls that succeeded', labelNames: [...of, 'direction'] })
  addCounter({
    name: COST,
    help: 'US dollars that calls cost which succeeded, by the prices of their configurations',
    labelNames: of,
  })
  addCounter({
    name: UNPRICED,
    help: 'Calls that succeeded and whose cost is not known, since their configuration has no prices',
    labelNames: of,
  })
  mirrorDurations(
    { name: 'incipit_provider_call_seconds', help: 'Time of whole calls', labelNames: ['provider'] },
    durations().whole,
  )
  mirrorDurations(
    {
      name: 'incipit_provider_first_text_seconds',
      help: 'Time from the call to its first text',
      labelNames: ['provider'],
    },
    durations().firstText,
  )
  addGauge({
    name: 'incipit_provider_breakers',
    help: 'Addresses of providers that have failed lately, by the state of their circuit breaker',
    labelNames: ['provider', 'state'],
    collect() {
      this.reset()
      for (const [target, state] of breakers().states())
        this.inc({ provider: target.split(' ')[0] ?? '', state })
    },
  })
}
