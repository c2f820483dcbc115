import type { Actor } from '../../access/actor.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readSpending } from '../spending/read-spending.ts'
import type { Spending, SpendingQuery } from '../spending-schema.ts'

/**
 * What generations cost between two times: totals, rows by what is asked for, points over time, the month that runs
 * and its quotas. Exact up to now: what is not summed up yet is counted as well.
 * @throws invalid_input for a span that is none, an unknown time zone, or `version` without `prompt`; too_large past
 *   `limits.timeseries_points`; not_found for an unknown prompt
 */
export const getSpending = operation('getSpending', run)

async function run(actor: Actor, input: SpendingQuery): Promise<Spending> {
  assertMayReadUsage(actor)
  return readSpending(actor, input)
}
