import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion } from '../../cache/find-version.ts'
import { readImpact } from '../../impact/read-impact.ts'
import { type Impact, type ImpactQuery, sideOf } from '../../impact/schema.ts'
import { LATEST, PRODUCTION } from '../../name.ts'
import { assertMay, assertMaySeeUsage } from '../../policy.ts'

export type GetImpactRequest = ImpactQuery & { name: string }

/**
 * Who uses a label or a version of a prompt, with which variables, and whom another version would refuse.
 * @throws not_found for an unknown prompt, label or version; forbidden without usage:read; unavailable
 */
export const getImpact = operation('getImpact', run)

async function run(actor: Actor, input: GetImpactRequest): Promise<Impact> {
  assertMay(actor, 'read')
  assertMaySeeUsage(actor)
  const { name, from = PRODUCTION, to = LATEST } = input
  // It may throw at once: the other one would be left alone.
  const find = async (side: string | number) => findVersion(actor, name, sideOf(side))
  const [older, newer] = await Promise.all([find(from), find(to)])
  const impact = await readImpact(actor, older, sideOf(from), newer.version.variables)
  return { ...impact, to: newer.version.stored.version }
}
