import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { ListTagsQuery, TagPage } from '../list-schema.ts'

/** The tags in use. */
export async function listTags(_actor: Actor, _input: ListTagsQuery): Promise<TagPage> {
  throw appError('internal', 'listTags is being built.')
}
