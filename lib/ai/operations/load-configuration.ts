import type { Actor } from '../../access/actor.ts'
import { appError, isAppError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import type { CallableConfiguration } from '../calls/call-model.ts'
import {
  type ChainMember,
  type ConfigurationChoice,
  findChain,
  findUsable,
} from '../configurations/read-chain.ts'
import { namesOf } from '../configurations/stored-configuration.ts'
import type { LimitedConfiguration } from '../limits/spending.ts'
import { assertMay } from '../policy.ts'
import { findProvider } from '../providers/registry.ts'

/** A configuration for `callModel`, with its limits for `reserveSpending`. */
export interface LoadedConfiguration extends CallableConfiguration {
  limits: LimitedConfiguration
}

/** In the details of the error for a configuration whose provider this instance does not have. */
const PROVIDER_OFF = 'provider_off'

/**
 * The configuration that is to answer, first, and those that are asked when it fails, in their order. Ones
 * that are switched off, themselves or their provider, are left out, with their own fallbacks still in.
 * @param choice a name, or the id of one that was chosen before; neither: `ai.default_configuration`, else
 *   the only active one, the echo provider not counted where there is a model
 * @throws unprocessable (path `configuration`) when there is none, it is switched off, its provider is switched
 *   off here (see `isProviderOff`), or nothing says which of several is meant; forbidden, unavailable
 */
export const loadConfiguration = operation('loadConfiguration', run)

async function run(
  actor: Actor,
  choice: ConfigurationChoice = {},
): Promise<[LoadedConfiguration, ...LoadedConfiguration[]]> {
  assertMay(actor, 'use')
  const { workspaceId } = actor
  const chosen =
    choice.name === undefined && choice.id === undefined ? await usualChoice(workspaceId) : choice
  const chain = await findChain(workspaceId, chosen)
  const [first] = chain
  if (first === undefined) throw await noSuch(workspaceId, chosen)
  if (!first.active)
    throw unusable('switched_off', `The AI configuration "${first.loaded.facts.name}" is switched off`)
  if (!isHere(first.loaded.facts)) throw providerOff(first.loaded.facts)
  return [first.loaded, ...fallbacksOf(chain)]
}

/**
 * Those that are asked when a configuration has failed, whether or not that one can be used itself.
 * @throws forbidden, unavailable
 */
export async function loadFallbacks(actor: Actor, { id }: { id: string }): Promise<LoadedConfiguration[]> {
  assertMay(actor, 'use')
  return fallbacksOf(await findChain(actor.workspaceId, { id }))
}

function fallbacksOf(chain: readonly ChainMember[]): LoadedConfiguration[] {
  return chain.slice(1).flatMap(({ active, loaded }) => (active && isHere(loaded.facts) ? [loaded] : []))
}

/** Whether this instance has the provider of a configuration: echo, say, may be on at another one alone. */
function isHere({ provider }: { provider: string }): boolean {
  return findProvider(provider) !== undefined
}

/** Whether a configuration was refused because its provider is switched off at this instance. */
export function isProviderOff(error: unknown): boolean {
  return isAppError(error) && error.details.some(({ code }) => code === PROVIDER_OFF)
}

function providerOff({ name, provider }: { name: string; provider: string }) {
  const remedy =
    provider === 'echo'
      ? 'It is on by itself only where nobody else can reach this server: name another configuration, or set ai.echo to true'
      : 'Name another configuration'
  return unusable(
    PROVIDER_OFF,
    `The AI configuration "${name}" needs the provider "${provider}", which is switched off here. ${remedy}`,
  )
}

async function usualChoice(workspaceId: string): Promise<ConfigurationChoice> {
  const name = getRuntime().config.ai.default_configuration
  if (name !== undefined) return { name }
  const all = await findUsable(workspaceId)
  const active = all.filter(isHere)
  const [off] = all
  if (off !== undefined && active.length === 0) throw providerOff(off)
  const models = active.filter(({ provider }) => provider !== 'echo')
  const [only, another] = models.length > 0 ? models : active
  if (only === undefined)
    throw unusable('no_configuration', 'There is no active AI configuration. Make one in the settings')
  if (another !== undefined)
    throw unusable(
      'ambiguous',
      `There are several AI configurations; say which one (${namesOf(active)}), or set ai.default_configuration`,
    )
  return { name: only.name }
}

async function noSuch(workspaceId: string, { name }: ConfigurationChoice) {
  if (name === undefined) return unusable('deleted', 'The AI configuration was deleted')
  const active = await findUsable(workspaceId)
  const message = `There is no AI configuration "${name}"; active ones are: ${namesOf(active)}`
  return unusable('unknown_configuration', message)
}

function unusable(code: string, message: string) {
  return appError('unprocessable', `${message}.`, { details: [{ path: ['configuration'], code, message }] })
}
