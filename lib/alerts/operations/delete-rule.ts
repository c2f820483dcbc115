import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import { endEvents, lockRule, readRule } from '../stored-rule.ts'

/**
 * Deletes a rule. What it fired stays in the history, and is over.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), forbidden, unavailable
 */
export const deleteRule = operation('deleteRule', run)

async function run(actor: Actor, { id, if_match }: { id: string; if_match?: string }): Promise<void> {
  assertMayUseRules(actor)
  await change(actor, async ({ tx, record }) => {
    assertMatches(if_match, await lockRule(tx, actor, id), 'alert rule')
    const { name, enabled, condition, destinations } = await readRule(tx, actor, id)
    await endEvents(tx, actor, id)
    await tx.$executeRaw`DELETE FROM alert_rule
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
    record({
      action: 'alert_rule.delete',
      target: { kind: 'alert_rule', id, name },
      before: { enabled, condition, destinations },
      after: null,
    })
  })
  newsPublisher().publish(actor.workspaceId, 'alerts')
}
