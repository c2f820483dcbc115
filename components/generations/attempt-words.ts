import type { GenerationAttempt } from '#lib/generations/schema.ts'

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
