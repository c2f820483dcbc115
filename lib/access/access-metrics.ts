import { addCounter, countsOf } from '../metrics.ts'
import type { CredentialKind } from './credentials.ts'
import type { LimitName } from './limits.ts'

const REFUSED = 'incipit_credentials_refused_total'
const LIMITED = 'incipit_rate_limited_total'

const CREDENTIALS: ReadonlySet<unknown> = new Set<CredentialKind>(['session', 'key', 'token'])

/**
 * Counts a request that was refused because nobody is known by it.
 * @param kind of the credential that it came with; anything else: with none
 */
export function countRefusedCredential(kind: unknown): void {
  countsOf(REFUSED).add(CREDENTIALS.has(kind) ? String(kind) : 'none')
}

/** Counts a request that was one too many. */
export function countLimited(limit: LimitName | 'sign_in'): void {
  countsOf(LIMITED).add(limit)
}

/** Adds what the door refused to /metrics. */
export function addAccessMetrics(): void {
  addCounter({
    name: REFUSED,
    help: 'Requests of nobody known: with a session, key or token that is not valid, or with none',
    labelNames: ['credential'],
  })
  addCounter({
    name: LIMITED,
    help: 'Requests that were one too many, by the limit at the door, or that of tries to sign in',
    labelNames: ['limit'],
  })
}
