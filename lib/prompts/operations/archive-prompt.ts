import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'

export interface ArchivePromptRequest {
  name: string
  if_match?: string
}

/** Archives a prompt. */
export async function archivePrompt(_actor: Actor, _input: ArchivePromptRequest): Promise<void> {
  throw appError('internal', 'archivePrompt is being built.')
}
