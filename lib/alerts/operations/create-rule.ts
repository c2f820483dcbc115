import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { takeTurn } from '../../db/changes/turn.ts'
import type { Tx } from '../../db/client.ts'
import { overLimit } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertDestinations } from '../destinations.ts'
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
  const { name, enabled = true, condition, destinations = NOBODY } = input
  return change(actor, async ({ tx, record }) => {
    await assertRoom(tx, actor)
    const settings = await settingsOf(inTransaction(tx), actor.workspaceId, condition)
    await assertDestinations(tx, actor, destinations)
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

async function assertRoom(tx: Tx, actor: Actor): Promise<void> {
  const limit = getRuntime().config.limits.alert_rules
  await takeTurn(tx, actor.workspaceId, 'limits.alert_rules')
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM alert_rule WHERE workspace_id = ${actor.workspaceId}::uuid`
  if ((row?.count ?? 0) >= limit)
    throw overLimit('limits.alert_rules', `A workspace has at most ${limit} alert rules`)
}
