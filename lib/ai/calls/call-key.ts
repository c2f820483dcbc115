import { isAppError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { providerFailure } from '../providers/failure.ts'
import type { Provider } from '../providers/provider.ts'
import { openKey, type SealedKey } from '../secrets/sealing.ts'
import { isPrivateHostAllowed } from './addresses.ts'

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
 * The key of the environment, which is the operator's: it goes to the provider's own address and to those
 * that the operator allows, and to no other that somebody put into a configuration.
 */
export function environmentKey(provider: Provider, baseUrl: string | null): string | undefined {
  const { config } = getRuntime()
  const variable = provider.key?.environment
  const key = variable === undefined ? undefined : config.keys.providers[variable]
  if (key === undefined || baseUrl === null) return key
  const isUsual = sameOrigin(baseUrl, provider.baseUrl?.usual)
  return isUsual || isPrivateHostAllowed(new URL(baseUrl).hostname, config) ? key : undefined
}

export interface KeyOwner {
  workspaceId: string
  configurationId: string
  baseUrl: string | null
  sealedKey: SealedKey | null
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
  return `${store}. ${key.environment} is sent to its own address alone, and to hosts in ai.allowed_hosts`
}

function openStored(sealedKey: SealedKey, { workspaceId, configurationId }: KeyOwner): string {
  try {
    return openKey(sealedKey, keyPlace(workspaceId, configurationId))
  } catch (error) {
    if (isAppError(error)) throw providerFailure('missing_key', error.message)
    throw error
  }
}

function sameOrigin(url: string, usual: string | undefined): boolean {
  return usual !== undefined && new URL(url).origin === new URL(usual).origin
}
