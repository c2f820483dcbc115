import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { assertMatches } from '../../etag.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { destinationOf } from '../calls/addresses.ts'
import { changedFacts, type KeyChange } from '../configurations/audit-facts.ts'
import { checkProvider, wrong } from '../configurations/check-provider.ts'
import { checkFallbacks } from '../configurations/fallback-chain.ts'
import { readConfiguration } from '../configurations/read-configurations.ts'
import { withSettings } from '../configurations/settings.ts'
import {
  lockConfigurations,
  nameTaken,
  noConfiguration,
  type StoredConfiguration,
} from '../configurations/stored-configuration.ts'
import { writeConfiguration } from '../configurations/write-configuration.ts'
import { assertMay } from '../policy.ts'
import type { AIConfiguration, PatchConfigurationInput } from '../schema.ts'

export type PatchConfigurationRequest = PatchConfigurationInput & { current_name: string; if_match?: string }

/**
 * Changes an AI configuration; what is left out stays, null empties, `api_key: null` removes a stored key.
 * A patch that changes nothing leaves the ETag as it is.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), conflict for a taken
 *   name, unprocessable (provider, the way to it, fallback; a stored key does not follow to another
 *   provider or base URL), forbidden, unavailable
 */
export const patchConfiguration = operation('patchConfiguration', run)

async function run(actor: Actor, input: PatchConfigurationRequest): Promise<AIConfiguration> {
  assertMay(actor, 'write')
  try {
    return await change(actor, (context) => update(context, actor, input))
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken(input.name ?? '') : error
  }
}

async function update(
  { tx, record }: ChangeContext,
  actor: Actor,
  input: PatchConfigurationRequest,
): Promise<AIConfiguration> {
  const all = await lockConfigurations(tx, actor.workspaceId)
  const before = all.find(({ name }) => name === input.current_name)
  if (before === undefined) throw noConfiguration(input.current_name)
  assertMatches(input.if_match, before, 'AI configuration')
  const others = all.filter((each) => each !== before)
  if (others.some(({ name }) => name === input.name)) throw nameTaken(input.name ?? '')
  const after = withSettings(before, input, all)
  checkWay(before, after, input)
  if (after.fallback_id !== before.fallback_id)
    checkFallbacks([...others, after], after, getRuntime().config.ai.fallbacks)
  const key = keyChange(before, input.api_key)
  const facts = changedFacts(before, after, all, key)
  if (facts === undefined) {
    const same = await readConfiguration(tx, actor.workspaceId, before.name)
    if (same === undefined) throw noConfiguration(before.name)
    return same
  }
  record({
    action: 'configuration.update',
    target: { kind: 'configuration', id: after.id, name: after.name },
    ...facts,
  })
  const { api_key, input_price_per_million, output_price_per_million, planned_prices } = input
  return writeConfiguration(
    tx,
    actor,
    { ...after, revision: before.revision + 1 },
    {
      key: api_key,
      isPriced: input_price_per_million !== undefined || output_price_per_million !== undefined,
      isPlanned: planned_prices !== undefined,
    },
  )
}

function keyChange({ has_key }: StoredConfiguration, key: string | null | undefined): KeyChange {
  if (key === undefined) return undefined
  if (key !== null) return 'set'
  return has_key ? 'removed' : undefined
}

/** It checks fields that change and no others: a configuration whose provider was switched off can still be changed. */
function checkWay(before: StoredConfiguration, after: StoredConfiguration, input: PatchConfigurationInput) {
  const { provider, base_url, api, api_key } = input
  if (provider === undefined && base_url === undefined && api === undefined && api_key === undefined) return
  checkProvider({ provider: after.provider, base_url: after.base_url, api: after.api, api_key })
  // Otherwise an actor that may change an address could have a key sent there that it may not read.
  const isElsewhere =
    before.provider !== after.provider || destinationOf(before.base_url) !== destinationOf(after.base_url)
  if (before.has_key && isElsewhere && api_key === undefined)
    throw wrong(
      'api_key',
      'key_stays_behind',
      'The stored key belongs to another provider or base URL: give the key again, or null to remove it',
    )
}
