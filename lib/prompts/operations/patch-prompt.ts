import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { LATEST, PRODUCTION } from '../name.ts'
import { assertMay } from '../policy.ts'
import type { PatchPromptInput, Prompt } from '../schema.ts'
import { applyPatch, wantedNames } from '../store/apply-patch.ts'
import { lockPrompt } from '../store/lock-prompt.ts'
import { takingNames } from '../store/names.ts'
import { readAnswer } from '../store/write-version.ts'

export type PatchPromptRequest = PatchPromptInput & { current_name: string; if_match?: string }

/**
 * Changes what is not part of a version: category, tags, aliases, name (the old one becomes an alias),
 * archived. Also restores from the archive. A patch that changes nothing leaves the ETag as it is.
 * @returns the prompt with the version that `production` names, else the newest
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), conflict for a taken
 *   name (with `holders`) or an archived prompt that others include (with `used_by`), unprocessable for an
 *   unknown category, forbidden, unavailable
 */
export const patchPrompt = operation('patchPrompt', run)

async function run(actor: Actor, input: PatchPromptRequest): Promise<Prompt> {
  assertMay(actor, 'write')
  return takingNames(actor, wantedNames(input), () =>
    change(actor, async (context) => {
      const prompt = await lockPrompt(context.tx, actor, input.current_name, { archived: true })
      assertMatches(input.if_match, prompt)
      await applyPatch(context, actor, prompt, input)
      const name = input.name ?? prompt.name
      const selectors = { first: { label: PRODUCTION }, else: { label: LATEST } }
      return readAnswer(context.tx, actor, name, selectors)
    }),
  )
}
