import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PublishedItem, PublishedPage, PublishedQuery } from '../list-schema.ts'

/** A page of the prompts that agents see. */
export async function listPublishedPrompts(
  _actor: Actor,
  _input: PublishedQuery,
): Promise<PublishedPage<PublishedItem>> {
  throw appError('internal', 'listPublishedPrompts is being built.')
}
