import { getRuntime } from '../runtime.ts'
import type { Identity } from './actor.ts'
import { accessState } from './state.ts'

/** The kinds of credentials that a request may bring. */
export type CredentialKind = 'session' | 'key' | 'token'

/** How a domain recognizes its kind of credential. */
export interface CredentialResolver {
  /**
   * The identity behind a secret, at once where it is remembered; undefined: it is not valid.
   * @param from network address, whose secrets are counted that wait or were looked up in vain
   * @throws unavailable, overloaded, rate_limited
   */
  identify(secret: string, from?: string): Identity | undefined | Promise<Identity | undefined>
  /**
   * What an identity may do now; undefined: nothing any more.
   * @param of background: the work goes on after its session has ended, but not after the membership
   * @throws unavailable
   */
  current(identity: Identity, of: { background: boolean }): Promise<Identity | undefined>
}

function resolvers(): Map<CredentialKind, CredentialResolver> {
  return getRuntime().once('access.resolvers', () => new Map<CredentialKind, CredentialResolver>())
}

/** Puts the resolver of a kind in place; boot does so before anything is served. */
export function setCredentialResolver(kind: CredentialKind, resolver: CredentialResolver): void {
  resolvers().set(kind, resolver)
}

/** The resolver of a kind; undefined: nothing of this kind is valid here. */
export function credentialResolver(kind: CredentialKind): CredentialResolver | undefined {
  return resolvers().get(kind)
}

/** What an identity may do now. The local owner acts without proof only while there are no accounts. */
export async function currentIdentity(
  identity: Identity,
  of: { background: boolean },
): Promise<Identity | undefined> {
  const { credential, kind } = identity
  if (kind === 'system') return identity
  if (credential.kind !== 'none') return credentialResolver(credential.kind)?.current(identity, of)
  if ((await accessState()) !== 'accounts') return identity
  // Work that began before the first account is that of the person who took the local owner's place.
  return of.background ? credentialResolver('session')?.current(identity, of) : undefined
}
