import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { overLimit } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { auditFacts } from '../configurations/audit-facts.ts'
import { checkProvider } from '../configurations/check-provider.ts'
import { checkFallbacks } from '../configurations/fallback-chain.ts'
import { blank, withSettings } from '../configurations/settings.ts'
import { lockConfigurations, nameTaken } from '../configurations/stored-configuration.ts'
import { writeConfiguration } from '../configurations/write-configuration.ts'
import { assertMay } from '../policy.ts'
import type { AIConfiguration, CreateConfigurationInput } from '../schema.ts'

/**
 * Makes an AI configuration, active unless it says otherwise. A key is sealed before it is stored.
 * @throws forbidden, conflict when the name is taken, unprocessable (provider, the way to it, fallback,
 *   `limits.configurations`), unavailable
 */
export const createConfiguration = operation('createConfiguration', run)

async function run(actor: Actor, input: CreateConfigurationInput): Promise<AIConfiguration> {
  assertMay(actor, 'write')
  const { base_url = null, api = null } = input
  checkProvider({ provider: input.provider, base_url, api, api_key: input.api_key })
  try {
    return await change(actor, (context) => insert(context, actor, input))
  } catch (error) {
    // Another request took the name after this one had looked.
    throw isUniqueViolation(error) ? nameTaken(input.name) : error
  }
}

async function insert(
  { tx, record }: ChangeContext,
  actor: Actor,
  input: CreateConfigurationInput,
): Promise<AIConfiguration> {
  const all = await lockConfigurations(tx, actor.workspaceId)
  if (all.some(({ name }) => name === input.name)) throw nameTaken(input.name)
  const { limits, ai } = getRuntime().config
  const most = limits.configurations
  if (all.length >= most)
    throw overLimit('limits.configurations', `A workspace has at most ${most} AI configurations`)
  const row = withSettings(blank(newId(), input.name), input, all)
  checkFallbacks([...all, row], row, ai.fallbacks)
  const key = input.api_key ?? undefined
  record({
    action: 'configuration.create',
    target: { kind: 'configuration', id: row.id, name: row.name },
    after: auditFacts(row, all, key === undefined ? undefined : 'set'),
  })
  const isPlanned = row.planned_prices.length > 0
  return writeConfiguration(tx, actor, row, { key, isPriced: true, isPlanned })
}
