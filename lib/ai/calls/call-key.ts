import { isAppError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { open, type Sealed } from '../../secrets/sealing.ts'
import { providerFailure } from '../providers/failure.ts'
import type { Provider } from '../providers/provider.ts'

/** Where the key of a configuration comes from; `none`: its provider takes none. */
export type KeySource = 'stored' | 'environment' | 'missing' | 'none'

/** Where the sealed keys of configurations are stored. */
export function keyPlace(workspaceId: string, configurationId: string) {
  return { table: 'ai_configuration', column: 'api_key_sealed', workspaceId, id: configurationId }
}

/**
 * Where a configuration's key comes from.
 * @param baseUrl as the configuration names it; null: the provider's own
 */
export function keySource(provider: Provider, baseUrl: string | null, isStored: boolean): KeySource {
  if (provider.key === null) return 'none'
  if (isStored) return 'stored'
  if (environmentKey(provider, baseUrl) !== undefined) return 'environment'
  return provider.key.required ? 'missing' : 'none'
}

/**
 * The key of the environment, which is the operator's: it goes to the provider's own origin and to the hosts
 * that the operator names in `ai.key_hosts`, and to no other that somebody put into a configuration. That is so
 * in local mode too, for everybody who has an account on the machine reaches its ports.
 */
export function environmentKey(provider: Provider, baseUrl: string | null): string | undefined {
  const { config } = getRuntime()
  const variable = provider.key?.environment
  const key = variable === undefined ? undefined : config.keys.providers[variable]
  if (key === undefined || baseUrl === null) return key
  const isUsual = sameOrigin(baseUrl, provider.baseUrl?.usual)
  return isUsual || isNamed(new URL(baseUrl), config.ai.key_hosts) ? key : undefined
}

export interface KeyOwner {
  workspaceId: string
  configurationId: string
  baseUrl: string | null
  sealedKey: Sealed | null
}

/**
 * The key for a call: the stored one, else the environment's.
 * @throws ProviderFailure missing_key
 */
export function callKey(provider: Provider, owner: KeyOwner): string | undefined {
  if (provider.key === null) return undefined
  if (owner.sealedKey !== null) return openStored(owner.sealedKey, owner)
  const key = environmentKey(provider, owner.baseUrl)
  if (key !== undefined || !provider.key.required) return key
  throw providerFailure('missing_key', `${provider.title} needs a key: ${whereFrom(provider, owner)}.`)
}

function whereFrom({ key }: Provider, { baseUrl }: KeyOwner): string {
  const store = 'store one with the configuration'
  if (key?.environment === undefined) return store
  if (baseUrl === null) return `${store}, or set ${key.environment} where Incipit runs`
  return `${store}. ${key.environment} is sent to its own address alone, and to hosts in ai.key_hosts`
}

function openStored(sealedKey: Sealed, { workspaceId, configurationId }: KeyOwner): string {
  try {
    return open(sealedKey, keyPlace(workspaceId, configurationId))
  } catch (error) {
    if (isAppError(error)) throw providerFailure('missing_key', error.message)
    throw error
  }
}

/** A host is written as in the URL: with its port, unless that is the usual one of the protocol. */
function isNamed(url: URL, hosts: readonly string[]): boolean {
  return hosts.some((host) => new URL(`${url.protocol}//${host}`).host === url.host)
}

function sameOrigin(url: string, usual: string | undefined): boolean {
  return usual !== undefined && new URL(url).origin === new URL(usual).origin
}
