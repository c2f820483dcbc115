import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import type { LabelRuleList } from '../schema.ts'
import { type RuleRow, ruleAnswer } from '../stored-rule.ts'

const SELECT = `SELECT used.label, coalesce(r.protected, false) AS protected,
    coalesce(r.contract, 'off') AS contract, coalesce(r.revision, 0) AS revision
  FROM (
    SELECT 'production' AS label
    UNION SELECT label FROM prompt_label WHERE workspace_id = $1::uuid
    UNION SELECT label FROM label_rule WHERE workspace_id = $1::uuid
  ) used LEFT JOIN label_rule r ON r.workspace_id = $1::uuid AND r.label = used.label
  ORDER BY used.label COLLATE "C"`

/**
 * The rules of all labels that prompts have, or that something was decided for, by name.
 * @throws forbidden, unavailable
 */
export const listLabelRules = operation('listLabelRules', run)

async function run(actor: Actor): Promise<LabelRuleList> {
  assertMayUseRules(actor)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<RuleRow>({ name: 'label-rules.list', text: SELECT, values: [actor.workspaceId] }),
  )
  return { items: rows.map(ruleAnswer), next_cursor: null }
}
