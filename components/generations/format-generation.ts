import { formatNumber } from '#components/ui/format.ts'
import { formatSeconds, NONE } from '#components/usage/format-usage.ts'
import type { GenerationAttempt } from '#lib/generations/schema.ts'

const CENTS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const FRACTIONS = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 3,
})
/** From here on cents tell enough. */
const IN_CENTS = 0.1
/** A smaller amount is shown as less than this. */
const LEAST = 0.000001

/** `$1.24`, `$0.0031`, `< $0.000001`; `–` where no price is known. */
export function formatCost(dollars: number | null): string {
  if (dollars === null) return NONE
  if (dollars > 0 && dollars < LEAST) return '< $0.000001'
  return dollars === 0 || dollars >= IN_CENTS ? CENTS.format(dollars) : FRACTIONS.format(dollars)
}

/** `120 in, 340 out`; `–` where neither is known. */
export function formatTokens(input: number | null, output: number | null): string {
  if (input === null && output === null) return NONE
  const parts = [
    ...(input === null ? [] : [`${formatNumber(input)} in`]),
    ...(output === null ? [] : [`${formatNumber(output)} out`]),
  ]
  return parts.join(', ')
}

/** A span as people read it: `320 ms`, `2.41 s`, `1 min 12 s`. */
export function formatSpan(ms: number | null): string {
  if (ms === null) return NONE
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return formatSeconds(ms / 1_000)
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const SPEED = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 })

/** `90/s`, of tokens. */
export function formatPerSecond(tokens: number | null): string {
  return tokens === null ? NONE : `${SPEED.format(tokens)}/s`
}

const FINISHES: Record<string, string> = {
  stop: 'ended by itself',
  length: 'cut at its greatest length',
  content_filter: 'ended by the provider’s filter',
  tool_calls: 'wanted to call a tool',
}

/** Why an answer ended, in words; a provider's own word where there is none of ours. */
export function finishWords(reason: string): string {
  return FINISHES[reason] ?? reason
}

/** Why there was another attempt: the same configuration once more, or the next one in its place. */
export function attemptReason(attempts: readonly GenerationAttempt[], index: number): string | undefined {
  const attempt = attempts[index]
  const before = attempts[index - 1]
  if (attempt === undefined || before === undefined) return undefined
  const why = before.error === null ? '' : ` (${before.error.code.replaceAll('_', ' ')})`
  return before.configuration === attempt.configuration
    ? `Asked again, as attempt ${before.attempt} failed${why}`
    : `Instead of ${before.configuration}, which failed${why}`
}
