import type { Actor } from '../../access/actor.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadOutcomes } from '../policy.ts'
import { outcomeReading } from '../read-outcomes.ts'
import type { OutcomePage, OutcomesQuery } from '../schema.ts'

/**
 * A page of what was reported, newest first; what another one took the place of is left out unless it is asked for.
 * @throws invalid_input (cursor, limit, range, `version` without `prompt`), not_found for an unknown prompt,
 *   forbidden, unavailable
 */
export const listOutcomes = operation('listOutcomes', run)

async function run(actor: Actor, input: OutcomesQuery): Promise<OutcomePage> {
  assertMayReadOutcomes(actor, input)
  const limit = pageSize(input.limit)
  const reading = outcomeReading(actor, input)
  const { items, next } = await reading.read(reading.after, limit)
  return { items, next_cursor: next === undefined ? null : reading.cursorOf(next) }
}
