import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion } from '../../cache/find-version.ts'
import { readImpact } from '../../impact/read-impact.ts'
import { type DraftImpact, type DraftImpactInput, sideOf } from '../../impact/schema.ts'
import { PRODUCTION } from '../../name.ts'
import { assertVariableCount } from '../../plan/prepare-version.ts'
import { assertMay, assertMaySeeUsage } from '../../policy.ts'
import { valueLimits } from '../../render/renderers.ts'
import { declareVariables } from '../../variables/variables.ts'

export type GetDraftImpactRequest = DraftImpactInput & { name: string }

/**
 * Whom a version would refuse that takes these variables and is not saved yet, of those who use a label or a version
 * now.
 * @throws not_found for an unknown prompt, label or version; unprocessable or too_large for variables that could not be
 *   saved; forbidden without usage:read; unavailable
 */
export const getDraftImpact = operation('getDraftImpact', run)

async function run(actor: Actor, input: GetDraftImpactRequest): Promise<DraftImpact> {
  assertMay(actor, 'read')
  assertMaySeeUsage(actor)
  const { name, from = PRODUCTION, variables } = input
  assertVariableCount(variables)
  const taken = declareVariables(variables, valueLimits())
  return readImpact(actor, await findVersion(actor, name, sideOf(from)), sideOf(from), taken)
}
