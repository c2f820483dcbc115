import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PublishedPage, PublishedPrompt, PublishedQuery } from '../list-schema.ts'

/** A page of the prompts that agents see. */
export async function listPublishedPrompts(
  _actor: Actor,
  _input: PublishedQuery,
): Promise<PublishedPage<PublishedPrompt>> {
  throw appError('internal', 'listPublishedPrompts is being built.')
}
