import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { CreatePromptInput, Prompt } from '../schema.ts'

/** Makes a prompt and its first version. */
export async function createPrompt(_actor: Actor, _input: CreatePromptInput): Promise<Prompt> {
  throw appError('internal', 'createPrompt is being built.')
}
