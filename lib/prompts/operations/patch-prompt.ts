import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PatchPromptInput, Prompt } from '../schema.ts'

export type PatchPromptRequest = PatchPromptInput & { current_name: string; if_match?: string }

/** Changes what is not part of a version. */
export async function patchPrompt(_actor: Actor, _input: PatchPromptRequest): Promise<Prompt> {
  throw appError('internal', 'patchPrompt is being built.')
}
