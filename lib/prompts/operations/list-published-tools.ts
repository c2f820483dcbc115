import type { Actor } from '../../access/actor.ts'
import { operation } from '../../telemetry/operation.ts'
import { publishedPage } from '../cache/published.ts'
import type { PublishedPage, PublishedQuery, PublishedTool } from '../list-schema.ts'
import type { PublishedRow } from '../store/published-rows.ts'
import { readVariables } from '../variables/variables.ts'

/**
 * A page of the prompts that agents see as tools, in order of name.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listPublishedTools = operation('listPublishedTools', run)

function run(actor: Actor, query: PublishedQuery): Promise<PublishedPage<PublishedTool>> {
  return publishedPage(actor, 'tools', query, toTool)
}

function toTool({ variables, skill: _, ...entry }: PublishedRow): PublishedTool {
  return { ...entry, variables: readVariables(variables) }
}
