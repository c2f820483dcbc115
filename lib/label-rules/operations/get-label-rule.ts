import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import type { LabelRule } from '../schema.ts'
import { type RuleRow, ruleAnswer, undecided } from '../stored-rule.ts'

/**
 * The rule of a label, whether or not a prompt has it yet.
 * @throws forbidden, unavailable
 */
export const getLabelRule = operation('getLabelRule', run)

async function run(actor: Actor, { label }: { label: string }): Promise<LabelRule> {
  assertMayUseRules(actor)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<RuleRow>({
      name: 'label-rules.get',
      text: `SELECT label, protected, contract, revision FROM label_rule
        WHERE workspace_id = $1::uuid AND label = $2`,
      values: [actor.workspaceId, label],
    }),
  )
  return ruleAnswer(rows[0] ?? undecided(label))
}
