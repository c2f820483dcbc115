import type { Actor } from '../../access/actor.ts'
import { operation } from '../../telemetry/operation.ts'
import type { Failures, FailuresQuery } from '../failures-schema.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readReasons } from '../read-reasons.ts'

const DEFAULT_ROWS = 50

/**
 * Why uses failed in a span, most often first, and how many reasons there are: as `failures` of the statistics, which
 * do not count them.
 * @throws invalid_input when `from` is not before `to` or `version` comes without `prompt`, not_found for an
 *   unknown prompt
 */
export const listFailures = operation('listFailures', run)

async function run(actor: Actor, input: FailuresQuery): Promise<Failures> {
  assertMayReadUsage(actor)
  const { span, ...reasons } = await readReasons(actor, input, input.limit ?? DEFAULT_ROWS)
  return { from: span.from.toISOString(), to: span.to.toISOString(), ...reasons }
}
