import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PublishedTool } from '../list-schema.ts'

export interface FindPublishedToolRequest {
  name: string
  /** null: production. */
  label?: string | null
  /** Slug; null: every category. */
  category?: string | null
}

/** The tool of a name or alias, as the label has it; undefined when there is none. */
export async function findPublishedTool(
  _actor: Actor,
  _input: FindPublishedToolRequest,
): Promise<PublishedTool | undefined> {
  throw appError('internal', 'findPublishedTool is being built.')
}
