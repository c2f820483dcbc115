import type { Message } from '../../prompts/content/content.ts'
import { getRuntime } from '../../runtime.ts'
import type { Sealed } from '../../secrets/sealing.ts'
import { providerFailure } from '../providers/failure.ts'
import type { Connection, ModelRequest, Provider } from '../providers/provider.ts'
import { findProvider } from '../providers/registry.ts'
import { type AppliedSettings, applySettings, type RunConfig, type RunSettings } from '../run-settings.ts'
import type { ConfigurationFacts } from '../schema.ts'
import { refusedUrl } from './addresses.ts'
import { callKey } from './call-key.ts'

/** A configuration as far as a call needs it. */
export interface CallableConfiguration {
  /** Id of its row, which its sealed key is bound to. */
  id: string
  facts: ConfigurationFacts
  /** The stored key, still sealed; null: the key of the environment. */
  sealedKey: Sealed | null
}

/** Everything about a call that is settled before it is made. */
export interface CallPlan {
  provider: Provider
  connection: Omit<Connection, 'fetch'>
  /** What the circuit breaker knows it by: provider and address. */
  target: string
}

/** @throws ProviderFailure when there is no such provider, no address that may be called, or no key */
export function planCall(workspaceId: string, { id, facts, sealedKey }: CallableConfiguration): CallPlan {
  const provider = findProvider(facts.provider)
  if (provider === undefined)
    throw providerFailure(
      'refused_request',
      `There is no provider "${facts.provider}" here, or it is switched off.`,
    )
  if (facts.base_url === null && provider.baseUrl?.required === true)
    throw providerFailure('refused_request', `${provider.title} needs a base URL.`)
  const refused =
    facts.base_url === null ? undefined : refusedUrl(new URL(facts.base_url), getRuntime().config)
  if (refused !== undefined) throw providerFailure('blocked_address', refused)
  const apiKey = callKey(provider, { workspaceId, configurationId: id, baseUrl: facts.base_url, sealedKey })
  const baseUrl = facts.base_url?.replace(/\/+$/, '')
  return {
    provider,
    connection: { apiKey, baseUrl, api: facts.api ?? undefined },
    target: `${provider.id} ${baseUrl ?? ''}`.trimEnd(),
  }
}

/** The request that a configuration makes of messages, asked as the settings say. */
export function modelRequest(
  { system_text: system }: ConfigurationFacts,
  messages: readonly Message[],
  used: RunSettings,
): ModelRequest {
  return {
    model: used.model,
    messages,
    system: system ?? undefined,
    maxTokens: used.max_tokens,
    temperature: used.temperature,
    topP: used.top_p,
    stop: used.stop,
    responseFormat: used.response_format,
    tools: used.tools,
  }
}

/**
 * How a model is, or was, asked by a configuration: what counts of a version's config, and what does not, with
 * the reason.
 * @param config the part of it that counts in a run; null: nothing
 */
export function settingsOfRun(
  facts: ConfigurationFacts,
  config: RunConfig | null | undefined,
): AppliedSettings {
  const provider = findProvider(facts.provider)
  const api = facts.api ?? provider?.apis[0]
  return applySettings(facts, config ?? undefined, (settings) => provider?.refuses(settings, api) ?? [])
}
