import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { Page } from '../../page.ts'
import type { ListPromptsQuery, PromptSummary } from '../schema.ts'

/** A page of prompts. */
export async function listPrompts(_actor: Actor, _input: ListPromptsQuery): Promise<Page<PromptSummary>> {
  throw appError('internal', 'listPrompts is being built.')
}
