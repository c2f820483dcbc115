import { mendText } from '../../text.ts'
import type { FailureKind, ProviderFailure } from './provider.ts'

/** Kinds after which the very same call may succeed. */
const RETRYABLE: ReadonlySet<FailureKind> = new Set([
  'rate_limited',
  'overloaded',
  'server_error',
  'timeout',
  'unreachable',
  'bad_answer',
  'breaker_open',
  'limit_reached',
])

export interface FailureFacts {
  /** Seconds until a retry can help, when somebody said so. */
  retryAfter?: number | undefined
  /** HTTP status of the provider's answer. */
  status?: number | undefined
  /** The provider's own id of the request. */
  requestId?: string | undefined
  /** The message without what the provider said, for the log; the message itself when left out. */
  summary?: string | undefined
}

/**
 * Makes the error that a call fails with.
 * @param message for people and for the log: it holds no key and no address of ours. It may quote a provider,
 * whose words are mended: the error is stored.
 */
export function providerFailure(
  kind: FailureKind,
  message: string,
  facts: FailureFacts = {},
): ProviderFailure {
  const error = Object.assign(new Error(mendText(message)), {
    kind,
    retryable: RETRYABLE.has(kind),
    retryAfter: facts.retryAfter,
    status: facts.status,
    requestId: facts.requestId === undefined ? undefined : mendText(facts.requestId),
    summary: facts.summary ?? message,
  })
  return Object.assign(error, { name: 'ProviderFailure' as const })
}

/** Whether a thrown value is one of ours, whichever copy of this module made it. */
export function isProviderFailure(value: unknown): value is ProviderFailure {
  return value instanceof Error && value.name === 'ProviderFailure' && 'kind' in value
}
