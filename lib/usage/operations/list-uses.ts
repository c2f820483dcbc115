import type { Actor } from '../../access/actor.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { usesReading } from '../read-uses.ts'
import type { UsesPage, UsesQuery } from '../use-schema.ts'

/**
 * Single uses, newest first, as long as they are kept. With `after` what was written since, from the primary: the newest
 * page of it, with a cursor that leads on together with the same `after`.
 * @throws invalid_input (cursor, tail, `from` not before `to`, `version` without `prompt`), not_found for an
 *   unknown prompt, forbidden, unavailable
 */
export const listUses = operation('listUses', run)

async function run(actor: Actor, input: UsesQuery): Promise<UsesPage> {
  assertMayReadUsage(actor)
  const limit = pageSize(input.limit)
  const reading = usesReading(actor, input)
  const { items, next, tail } = await reading.read(reading.after, limit)
  return { items, next_cursor: next === undefined ? null : reading.cursorOf(next), tail }
}
