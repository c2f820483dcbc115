import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { DuplicatePromptInput, Prompt } from '../schema.ts'

export type DuplicatePromptRequest = DuplicatePromptInput & { current_name: string }

/** Makes a new prompt from the newest version of another. */
export async function duplicatePrompt(_actor: Actor, _input: DuplicatePromptRequest): Promise<Prompt> {
  throw appError('internal', 'duplicatePrompt is being built.')
}
