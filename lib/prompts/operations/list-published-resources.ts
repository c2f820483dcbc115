import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PublishedPage, PublishedQuery, PublishedResource } from '../list-schema.ts'

/** A page of the resources that agents see. */
export async function listPublishedResources(
  _actor: Actor,
  _input: PublishedQuery,
): Promise<PublishedPage<PublishedResource>> {
  throw appError('internal', 'listPublishedResources is being built.')
}
