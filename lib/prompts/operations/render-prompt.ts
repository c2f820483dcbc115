import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { Counting } from '../counting.ts'
import type { RenderedPrompt, RenderInput } from '../render-schema.ts'

export type RenderPromptRequest = RenderInput & { name: string }

/** Renders a version of a prompt. */
export async function renderPrompt(
  _actor: Actor,
  _input: RenderPromptRequest,
  _counting?: Counting,
): Promise<RenderedPrompt> {
  throw appError('internal', 'renderPrompt is being built.')
}
