import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion } from '../../cache/find-version.ts'
import { pastValues } from '../../cache/past-values.ts'
import { assertMay } from '../../policy.ts'
import type { VersionSelector } from '../../schema.ts'

export type ListPastValuesRequest = VersionSelector & { name: string; variable: string }

/**
 * Short texts that this actor has lately rendered a prompt's variable with, the newest first: what this
 * process remembers, of nobody else.
 * @throws not_found, forbidden, unavailable
 */
export const listPastValues = operation('listPastValues', run)

async function run(actor: Actor, input: ListPastValuesRequest): Promise<string[]> {
  assertMay(actor, 'read')
  const { resolution } = await findVersion(actor, input.name, input)
  return pastValues(actor, resolution.prompt.id, input.variable)
}
