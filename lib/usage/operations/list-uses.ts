import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { usesReading } from '../read-uses.ts'
import { tailAt } from '../tail.ts'
import type { UsesPage, UsesQuery } from '../use-schema.ts'

/**
 * Single uses, newest first, as long as they are kept. With `after` what was written since: the newest page of it,
 * with a cursor for the rest.
 * @throws invalid_input (cursor, tail, both, `from` not before `to`, `version` without `prompt`), not_found for an
 *   unknown prompt, forbidden, unavailable
 */
export const listUses = operation('listUses', run)

async function run(actor: Actor, input: UsesQuery): Promise<UsesPage> {
  assertMayReadUsage(actor)
  if (input.after !== undefined && input.cursor !== undefined) throw both()
  const limit = pageSize(input.limit)
  const reading = usesReading(actor, input)
  const readAt = Date.now()
  const { items, next } = await reading.read(reading.after, limit)
  return { items, next_cursor: next === undefined ? null : reading.cursorOf(next), tail: tailAt(readAt) }
}

function both() {
  const message = '`after` and `cursor` do not go together: a cursor leads to what is older.'
  return appError('invalid_input', message, { details: [{ path: ['after'], code: 'one_of', message }] })
}
