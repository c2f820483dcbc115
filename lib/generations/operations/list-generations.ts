import type { Actor } from '../../access/actor.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { GenerationPage, ListGenerationsQuery } from '../schema.ts'
import { generationReading } from '../store/read-list.ts'

/**
 * A page of generations, the newest first unless `sort` says otherwise. An actor that is pinned to a label sees
 * those of its label.
 * @throws invalid_input (cursor, limit, range, bounds, a version without a prompt), not_found for a prompt or
 *   configuration that there is not, forbidden, unavailable
 */
export const listGenerations = operation('listGenerations', run)

async function run(actor: Actor, input: ListGenerationsQuery): Promise<GenerationPage> {
  assertMay(actor, 'read')
  const limit = pageSize(input.limit)
  const reading = generationReading(actor, input)
  const { items, next } = await reading.read(reading.after, limit)
  return { items, next_cursor: next === undefined ? null : reading.cursorOf(next) }
}
