import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { publishedTool } from '../../cache/published.ts'
import type { PublishedTool } from '../../list-schema.ts'
import { toTool } from '../../store/published-rows.ts'

export interface FindPublishedToolRequest {
  /** Name or alias of the prompt. */
  name: string
  /** null: production. */
  label?: string | null
  /** Slug; null: every category. */
  category?: string | null
}

/**
 * The tool of a name or alias, as the label has it; undefined when there is none.
 * @throws forbidden, unavailable
 */
export const findPublishedTool = operation('findPublishedTool', run)

function run(actor: Actor, request: FindPublishedToolRequest): Promise<PublishedTool | undefined> {
  return publishedTool(actor, request, toTool)
}
