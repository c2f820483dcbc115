import type { Actor } from '../../access/actor.ts'
import { assertMay } from '../../access/rights.ts'
import { operation } from '../../telemetry/operation.ts'
import { VERSION } from '../../version.ts'

/**
 * That prompts can be read with the credential that came, which Langfuse's clients ask to check their settings.
 * @throws forbidden
 */
export const getLangfuseHealth = operation('getLangfuseHealth', run)

async function run(actor: Actor): Promise<{ status: 'OK'; version: string }> {
  assertMay(actor, 'prompts:read')
  return { status: 'OK', version: VERSION }
}
