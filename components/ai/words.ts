import { formatNumber } from '#components/ui/format.ts'
import type { AIConfiguration } from '#lib/ai/schema.ts'

const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const SMALL = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 3,
})

/** `$12.30`; less than ten cents with the digits that say something: `$0.0031`. */
export function formatDollars(dollars: number): string {
  return dollars === 0 || dollars >= 0.1 ? DOLLARS.format(dollars) : SMALL.format(dollars)
}

/** `128K`, `1.05M`: sizes that models are sold by. */
export function formatSize(tokens: number): string {
  if (tokens >= 1_000_000) return `${round(tokens / 1_000_000)}M`
  return tokens >= 1_000 ? `${round(tokens / 1_000)}K` : formatNumber(tokens)
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}

const KEY_WORDS: Record<AIConfiguration['key'], string> = {
  stored: 'Key stored',
  environment: 'Key of the environment',
  missing: 'No key',
  none: 'Needs no key',
}

/** Where its key comes from. */
export function keyWords({ key }: Pick<AIConfiguration, 'key'>): string {
  return KEY_WORDS[key]
}

/** Whom a configuration falls back to, one after the other. */
export function fallbacksOf(
  configuration: AIConfiguration,
  all: readonly AIConfiguration[],
): AIConfiguration[] {
  const chain: AIConfiguration[] = []
  for (let next: string | null = configuration.fallback; next !== null; ) {
    const found: AIConfiguration | undefined = all.find(({ name }) => name === next)
    if (found === undefined || found === configuration || chain.includes(found)) break
    chain.push(found)
    next = found.fallback
  }
  return chain
}

/** A quota with what is spent of it. */
export interface Quota {
  name: string
  used: number
  allowed: number
  text: string
}

/** The quotas of a configuration; none where it has none. */
export function quotasOf({
  this_month: spent,
  monthly_cost_quota: cost,
  monthly_token_quota: tokens,
}: AIConfiguration): Quota[] {
  const quotas: Quota[] = []
  if (cost !== null)
    quotas.push({
      name: 'Cost',
      used: spent.cost,
      allowed: cost,
      text: `${formatDollars(spent.cost)} of ${formatDollars(cost)}`,
    })
  if (tokens !== null)
    quotas.push({
      name: 'Tokens',
      used: spent.tokens,
      allowed: tokens,
      text: `${formatNumber(spent.tokens)} of ${formatNumber(tokens)} tokens`,
    })
  return quotas
}
