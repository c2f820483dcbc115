import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertRoom } from '../../db/changes/room.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { checkedDestinations } from '../destinations.ts'
import { assertMayUseRules } from '../policy.ts'
import type { CreateRuleInput, Rule } from '../schema.ts'
import { inTransaction, settingsOf } from '../stored-condition.ts'
import { readRule } from '../stored-rule.ts'

const NOBODY = { webhooks: [], members: [] }

/**
 * Makes an alert rule. What it watches from now on counts; `POST /api/alerts/preview` tells of the past.
 * @throws forbidden, unprocessable (what it names and there is not), too_large at `limits.alert_rules`, unavailable
 */
export const createRule = operation('createRule', run)

async function run(actor: Actor, input: CreateRuleInput): Promise<Rule> {
  assertMayUseRules(actor)
  const { name, enabled = true, condition } = input
  return change(actor, async ({ tx, record }) => {
    await assertRoom(
      tx,
      actor.workspaceId,
      'alert_rules',
      (most) => `A workspace has at most ${most} alert rules`,
      () => tx.alertRule.count({ where: { workspace_id: actor.workspaceId } }),
    )
    const settings = await settingsOf(inTransaction(tx), actor.workspaceId, condition)
    const destinations = await checkedDestinations(tx, actor, input.destinations ?? NOBODY)
    const id = newId()
    await tx.$executeRaw`INSERT INTO alert_rule (id, workspace_id, name, kind, settings, enabled, webhook_ids, member_ids,
        created_by)
      VALUES (${id}::uuid, ${actor.workspaceId}::uuid, ${name}, ${condition.kind}, ${JSON.stringify(settings)}::json,
        ${enabled}, ${destinations.webhooks}::uuid[], ${destinations.members}::uuid[], ${actor.id}::uuid)`
    record({
      action: 'alert_rule.create',
      target: { kind: 'alert_rule', id, name },
      after: { enabled, condition, destinations },
    })
    return readRule(tx, actor, id)
  })
}
