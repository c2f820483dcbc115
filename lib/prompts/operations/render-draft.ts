import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { RenderDraftInput, RenderedDraft } from '../render-schema.ts'

/** Checks and renders a text that is not saved, in a worker. */
export async function renderDraft(_actor: Actor, _input: RenderDraftInput): Promise<RenderedDraft> {
  throw appError('internal', 'renderDraft is being built.')
}
