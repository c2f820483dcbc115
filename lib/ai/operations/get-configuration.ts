import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { readConfiguration } from '../configurations/read-configurations.ts'
import { noConfiguration } from '../configurations/stored-configuration.ts'
import { assertMay } from '../policy.ts'
import type { AIConfiguration } from '../schema.ts'

export interface GetConfigurationRequest {
  name: string
}

/**
 * An AI configuration with what it spent this month; never its key.
 * @throws not_found, forbidden, unavailable
 */
export const getConfiguration = operation('getConfiguration', run)

async function run(actor: Actor, { name }: GetConfigurationRequest): Promise<AIConfiguration> {
  assertMay(actor, 'read')
  const found = await onPrimary(({ prisma }) => readConfiguration(prisma, actor.workspaceId, name))
  if (found === undefined) throw noConfiguration(name)
  return found
}
