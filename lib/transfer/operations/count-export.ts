import type { Actor } from '../../access/actor.ts'
import { countIncludedPrompts } from '../../prompts/operations/read-included-versions.ts'
import { operation } from '../../telemetry/operation.ts'
import { chosenPrompts } from '../chosen-prompts.ts'
import { assertMayExport } from '../policy.ts'
import type { ExportCount, ExportQuery } from '../schema.ts'

/**
 * Counts what an export would have: prompts, and others that these include.
 * @throws forbidden, unavailable
 */
export const countExport = operation('countExport', run)

async function run(actor: Actor, query: ExportQuery): Promise<ExportCount> {
  assertMayExport(actor)
  return countIncludedPrompts(actor, chosenPrompts(query))
}
