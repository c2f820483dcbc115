import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion } from '../../cache/find-version.ts'
import { assertMay } from '../../policy.ts'
import type { PromptSource } from '../../template/types.ts'

/**
 * Everything that a version's render depends on, with the texts that it includes, for a preview that renders
 * beside the reader. Not counted as a use: the version itself was read for the same page.
 * @param input forUse: a text that was redacted, or that includes one, is refused
 * @throws not_found, forbidden, unavailable; unprocessable for use
 */
export const getRenderSource = operation('getRenderSource', run)

async function run(
  actor: Actor,
  input: { name: string; version: number; forUse?: boolean },
): Promise<PromptSource> {
  assertMay(actor, 'read')
  const { version } = await findVersion(actor, input.name, { version: input.version })
  // Refuses what was redacted.
  if (input.forUse === true) version.isHeavy()
  return version.source()
}
