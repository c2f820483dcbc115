import type { Actor } from '../../access/actor.ts'
import { operation } from '../../telemetry/operation.ts'
import { runDraft } from '../plan/run-draft.ts'
import { assertMay } from '../policy.ts'
import type { RenderDraftInput, RenderedDraft } from '../render-schema.ts'

/**
 * Checks and renders a text that belongs to no prompt, in a worker that is killed when it takes too long.
 * Its includes mean what they would be pinned to now.
 * @throws invalid_input, unprocessable with every problem and its place, too_large, forbidden, unavailable
 */
export const renderDraft = operation('renderDraft', run)

async function run(actor: Actor, input: RenderDraftInput): Promise<RenderedDraft> {
  assertMay(actor, 'read')
  const { variables, pins, rendered, warnings } = await runDraft(actor, input)
  return {
    content: rendered.content,
    messages: rendered.messages,
    includes: pins.included.map(({ name, version, checksum }) => ({ name, version, checksum })),
    variables: [...variables],
    warnings: [...warnings, ...rendered.warnings],
  }
}
