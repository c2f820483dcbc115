import { findProvider } from '../providers/registry.ts'
import { type AppliedSettings, applySettings, type RunConfig } from '../run-settings.ts'
import type { ConfigurationFacts } from '../schema.ts'

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
