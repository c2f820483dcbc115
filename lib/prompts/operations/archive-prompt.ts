import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import { applyPatch } from '../store/apply-patch.ts'
import { lockPrompt } from '../store/lock-prompt.ts'

export interface ArchivePromptRequest {
  name: string
  if_match?: string
}

/**
 * Archives a prompt: it keeps its name and is not found until it is restored.
 * @throws not_found (also when it is archived already), precondition_required, precondition_failed (with
 *   `current_etag`), conflict (with `used_by`) while the newest version of another prompt includes it,
 *   forbidden, unavailable
 */
export const archivePrompt = operation('archivePrompt', run)

async function run(actor: Actor, input: ArchivePromptRequest): Promise<void> {
  assertMay(actor, 'write')
  await change(actor, async (context) => {
    const prompt = await lockPrompt(context.tx, actor, input.name)
    assertMatches(input.if_match, prompt)
    await applyPatch(context, actor, prompt, { archived: true })
  })
}
