import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import type { Rule } from '../schema.ts'
import { type FoundRule, noRule, RULE_COLUMNS, RULE_JOINS, ruleAnswer } from '../stored-rule.ts'

const SELECT = `SELECT ${RULE_COLUMNS} FROM alert_rule r ${RULE_JOINS}
  WHERE r.workspace_id = $1::uuid AND r.id = $2::uuid`

/**
 * One alert rule.
 * @throws not_found, forbidden, unavailable
 */
export const getRule = operation('getRule', run)

async function run(actor: Actor, { id }: { id: string }): Promise<Rule> {
  assertMayUseRules(actor)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundRule>({ name: 'alerts.get', text: SELECT, values: [actor.workspaceId, id] }),
  )
  if (rows[0] === undefined) throw noRule()
  return ruleAnswer(rows[0])
}
