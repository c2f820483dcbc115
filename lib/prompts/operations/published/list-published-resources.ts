import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { publishedPage } from '../../cache/published.ts'
import type { PublishedPage, PublishedQuery, PublishedResource } from '../../list-schema.ts'

/**
 * A page of the prompts whose source agents may read, in order of name: every active one with the label.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listPublishedResources = operation('listPublishedResources', run)

function run(actor: Actor, query: PublishedQuery): Promise<PublishedPage<PublishedResource>> {
  return publishedPage(actor, 'resources', query, ({ name, title, description, category, skill }) => ({
    name,
    title,
    description,
    category,
    skill,
  }))
}
