import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { publishedPage } from '../../cache/published.ts'
import type { PublishedPage, PublishedQuery, PublishedTool } from '../../list-schema.ts'
import { toTool } from '../../store/published-rows.ts'

/**
 * A page of the prompts that agents see as tools, in order of name.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listPublishedTools = operation('listPublishedTools', run)

function run(actor: Actor, query: PublishedQuery): Promise<PublishedPage<PublishedTool>> {
  return publishedPage(actor, 'tools', query, toTool)
}
