import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { Counting } from '../counting.ts'
import type { Prompt, VersionSelector } from '../schema.ts'

export type GetPromptRequest = VersionSelector & { name: string }

/** A prompt with one of its versions. */
export async function getPrompt(
  _actor: Actor,
  _input: GetPromptRequest,
  _counting?: Counting,
): Promise<Prompt> {
  throw appError('internal', 'getPrompt is being built.')
}
