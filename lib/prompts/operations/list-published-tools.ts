import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PublishedPage, PublishedQuery, PublishedTool } from '../list-schema.ts'

/** A page of the tools that agents see. */
export async function listPublishedTools(
  _actor: Actor,
  _input: PublishedQuery,
): Promise<PublishedPage<PublishedTool>> {
  throw appError('internal', 'listPublishedTools is being built.')
}
