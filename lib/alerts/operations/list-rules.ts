import type { Actor } from '../../access/actor.ts'
import { newestPage } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import type { PageQuery } from '../../page.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import type { Rule, RulePage } from '../schema.ts'
import { type FoundRule, RULE_COLUMNS, RULE_JOINS, ruleAnswer } from '../stored-rule.ts'

const SCOPE = { list: 'alert-rules' }
const timeOf = ({ created_at }: Rule) => created_at

const SELECT = `SELECT ${RULE_COLUMNS} FROM alert_rule r ${RULE_JOINS} WHERE r.workspace_id = $1::uuid
    AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2::timestamptz, $3::uuid))
  ORDER BY r.created_at DESC, r.id DESC LIMIT $4`

/**
 * A page of alert rules, the newest first.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listRules = operation('listRules', run)

async function run(actor: Actor, input: PageQuery): Promise<RulePage> {
  assertMayUseRules(actor)
  return newestPage(SCOPE, input, timeOf, async (after, most) => {
    const [time, id] = after ?? []
    const values = [actor.workspaceId, time, id, most]
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<FoundRule>({ name: 'alerts.list', text: SELECT, values }),
    )
    return rows.map(ruleAnswer)
  })
}
