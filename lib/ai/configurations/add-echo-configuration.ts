import type { Actor } from '../../access/actor.ts'
import { getRuntime } from '../../runtime.ts'
import { createConfiguration } from '../operations/create-configuration.ts'
import { findProvider } from '../providers/registry.ts'

const NAME = 'echo'

/**
 * Makes the configuration `echo`, with which a newcomer sees the whole way of a generation without a key:
 * where the echo provider is on, and only in a workspace that never had a configuration. It does not come back
 * after somebody has deleted it.
 * @returns whether it was made
 */
export async function addEchoConfiguration(actor: Actor): Promise<boolean> {
  if (findProvider(NAME) === undefined) return false
  const { prisma } = getRuntime().database.primary
  const ever = await prisma.auditEvent.findFirst({
    // A workspace whose log begins to expire is no new one.
    where: {
      workspace_id: actor.workspaceId,
      action: { in: ['configuration.create', 'audit.expire'] },
    },
    select: { id: true },
  })
  if (ever !== null) return false
  await createConfiguration(actor, {
    name: NAME,
    provider: NAME,
    model: NAME,
    input_price_per_million: 0,
    output_price_per_million: 0,
  })
  return true
}
