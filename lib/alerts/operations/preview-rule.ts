import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import { PREVIEW_DAYS } from '../rules.ts'
import type { Preview, PreviewInput } from '../schema.ts'
import { type Ask, settingsOf, storedCondition } from '../stored-condition.ts'
import { DAY_MS } from '../watch/moments.ts'
import { testPast } from '../watch/test-past.ts'

/**
 * Tests a condition on the past: when it would have fired, and what was measured. Nothing is kept.
 * @throws forbidden, unprocessable (what it names and there is not), unavailable
 */
export const previewRule = operation('previewRule', run)

async function run(actor: Actor, { condition, days = PREVIEW_DAYS.usual }: PreviewInput): Promise<Preview> {
  assertMayUseRules(actor)
  const ask: Ask = (text, values) => onPrimary(async ({ pool }) => (await pool.query(text, values)).rows)
  const settings = await settingsOf(ask, actor.workspaceId, condition)
  const to = Date.now()
  const stored = storedCondition(condition.kind, settings)
  return testPast(actor, { condition, stored, from: to - days * DAY_MS, to })
}
