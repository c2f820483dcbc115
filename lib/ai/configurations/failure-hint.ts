import type { FailureKind } from '../providers/provider.ts'

/** What a person who sets a configuration up can do about a call that failed; null: nothing in general. */
const HINTS: Record<FailureKind, string | null> = {
  unauthorized: 'Check the key: it may be mistyped, revoked, or belong to another project or provider.',
  missing_key: 'Give the configuration a key, or set the one of the environment where Incipit runs.',
  refused_request: 'Check the model’s name, and whether the model takes max_tokens, temperature and top_p.',
  unreachable: 'Check the base URL, and whether this machine reaches it.',
  blocked_address: 'The base URL leads to an address that is not called; see ai.allowed_hosts.',
  timeout: 'The provider was too slow. Try again; the times are set under “ai” in the configuration file.',
  rate_limited: 'The provider limits this key. Wait, or ask the provider for a higher limit.',
  overloaded: 'The provider has too much to do. Try again shortly.',
  server_error: 'The fault is the provider’s. Try again shortly.',
  bad_answer: 'What answered does not speak this provider’s language. Check the base URL and the interface.',
  too_large: 'The answer was larger than ai.answer_bytes allows.',
  breaker_open: 'Earlier calls failed in a row, so none is made for a while. Try again in half a minute.',
  limit_reached: 'Too many calls run at the same time. Try again shortly.',
  quota_exceeded: 'The account at the provider has no credit left.',
}

/** Failures of calls that were never made: nobody counts them. */
const UNMADE: ReadonlySet<FailureKind> = new Set([
  'missing_key',
  'blocked_address',
  'breaker_open',
  'limit_reached',
])

export function failureHint(kind: FailureKind): string | null {
  return HINTS[kind]
}

/** Whether a provider was asked at all. */
export function wasCalled(kind: FailureKind): boolean {
  return !UNMADE.has(kind)
}
