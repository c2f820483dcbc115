import { loadLocalIdentity } from '../../access/identify.ts'
import { type AppError, appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { refusedUrl } from '../calls/addresses.ts'
import type { Provider } from '../providers/provider.ts'
import { allProviders, findProvider } from '../providers/registry.ts'
import { findUsable } from './read-chain.ts'

/** What must fit together: a provider and the way to it. */
export interface ProviderChoice {
  provider: string
  base_url: string | null
  api: string | null
  /** A key that is given; null and undefined: none is. */
  api_key: string | null | undefined
}

/**
 * Checks that there is the provider and that it takes what the configuration says of the way to it.
 * @throws unprocessable, naming the field and what is possible
 */
export function checkProvider(choice: ProviderChoice): void {
  const provider = findProvider(choice.provider)
  if (provider === undefined) throw unknownProvider(choice.provider)
  checkKey(provider, choice.api_key)
  checkApi(provider, choice.api)
  checkBaseUrl(provider, choice.base_url)
}

function unknownProvider(id: string): AppError {
  const ids = allProviders().map((provider) => provider.id)
  if (id === 'echo')
    return wrong('provider', 'switched_off', `The provider "echo" is switched off here (ai.echo)`)
  return wrong('provider', 'unknown_provider', `There is no provider "${id}"; there are ${ids.join(', ')}`, {
    providers: ids,
  })
}

function checkKey({ key, title }: Provider, given: string | null | undefined): void {
  if (key === null && given !== null && given !== undefined)
    throw wrong('api_key', 'not_taken', `${title} takes no key`)
}

function checkApi({ apis, title }: Provider, api: string | null): void {
  if (api === null || apis.some((each) => each === api)) return
  const possible = apis.length === 0 ? 'it has just one interface' : `it has ${apis.join(', ')}`
  throw wrong('api', 'not_taken', `${title} has no interface "${api}": ${possible}`)
}

function checkBaseUrl({ baseUrl, title }: Provider, url: string | null): void {
  if (url === null) {
    if (baseUrl?.required === true) throw wrong('base_url', 'required', `${title} needs a base URL`)
    return
  }
  if (baseUrl === null) throw wrong('base_url', 'not_taken', `${title} takes no base URL`)
  const reason = misspelt(url) ?? refusedUrl(new URL(url), getRuntime().config)
  if (reason !== undefined) throw wrong('base_url', 'address_not_allowed', reason.replace(/\.$/, ''))
}

/** What reading a URL would silently drop or turn into something else. */
function misspelt(url: string): string | undefined {
  if (/[?#]/.test(url)) return 'A base URL has no "?" and no "#": paths are added to it.'
  if (/[\s\\]/.test(url) || url !== url.trim() || hasControlCharacter(url))
    return 'A base URL has no spaces, backslashes or control characters.'
  if (/^https?:\/\/[^/]*@/i.test(url)) return 'An address holds no user name and no password.'
  return undefined
}

function hasControlCharacter(text: string): boolean {
  return text.split('').some((character) => character < ' ' || character === '\u007f')
}

/** The error for one wrong field. */
export function wrong(
  field: string | readonly (string | number)[],
  code: string,
  message: string,
  extra: Record<string, unknown> = {},
): AppError {
  return appError('unprocessable', `${message}.`, {
    details: [{ path: [field].flat(), code, message }],
    extra,
  })
}

/**
 * Says in the log which active configurations cannot be used here because their provider is switched off, such
 * as the `echo` that a workspace had from the beginning once others can reach the server.
 * @throws unavailable
 */
export async function warnOfUnusable(): Promise<void> {
  const { workspaceId } = await loadLocalIdentity()
  const all = await findUsable(workspaceId)
  const off = all.filter(({ provider }) => findProvider(provider) === undefined)
  if (off.length > 0)
    getRuntime().log.warn(
      { configurations: off },
      'active AI configurations cannot be used here: their provider is switched off (echo: set ai.echo to true, or leave it to local mode)',
    )
}
