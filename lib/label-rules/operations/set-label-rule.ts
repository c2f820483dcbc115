import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { takeTurn } from '../../db/changes/turn.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { assertMatches } from '../../etag.ts'
import { PRODUCTION } from '../../prompts/name.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRules } from '../policy.ts'
import type { LabelRule, SetLabelRuleInput } from '../schema.ts'
import { type RuleRow, revised, ruleAnswer, undecided } from '../stored-rule.ts'

export type SetLabelRuleRequest = SetLabelRuleInput & { label: string; if_match?: string }

/**
 * Protects a label, or stops that, and says whether its contract is kept, by compare-and-swap on the rule's ETag.
 * @throws precondition_required, precondition_failed (with `current_etag`), unprocessable for `production`, which
 *   stays protected, forbidden, unavailable
 */
export const setLabelRule = operation('setLabelRule', run)

async function run(actor: Actor, input: SetLabelRuleRequest): Promise<LabelRule> {
  assertMayUseRules(actor)
  const { label, protected: wanted } = input
  return change(actor, async ({ tx, record }) => {
    const before = await lockRule(tx, actor, label)
    assertMatches(input.if_match, revised(before), 'rule')
    if (label === PRODUCTION && !wanted) throw alwaysProtected()
    const { contract = before.contract } = input
    if (ruleAnswer(before).protected === wanted && before.contract === contract) return ruleAnswer(before)
    const after = { label, protected: wanted, contract, revision: before.revision + 1 }
    await writeRule(tx, actor, after)
    record({
      action: 'label_rule.set',
      // A rule has no id: it is found by the label's name, beside the workspace that it is a setting of.
      target: { kind: 'label_rule', id: actor.workspaceId, name: label },
      before: { protected: before.protected, contract: before.contract },
      after: { protected: wanted, contract },
    })
    return ruleAnswer(after)
  })
}

function alwaysProtected() {
  const message = `"${PRODUCTION}" is what agents get: it stays protected`
  return appError('unprocessable', `${message}.`, {
    details: [{ path: ['protected'], code: 'always_protected', message }],
  })
}

/** Where there is no row to lock, changes of one label wait for each other all the same. */
async function lockRule(tx: Tx, { workspaceId }: Actor, label: string): Promise<RuleRow> {
  await takeTurn(tx, workspaceId, 'label_rule', label)
  const [row] = await tx.$queryRaw<RuleRow[]>`
    SELECT label, protected, contract, revision FROM label_rule
    WHERE workspace_id = ${workspaceId}::uuid AND label = ${label}`
  return row ?? undecided(label)
}

async function writeRule(tx: Tx, { workspaceId, id }: Actor, rule: RuleRow): Promise<void> {
  await tx.$executeRaw`INSERT INTO label_rule (workspace_id, label, protected, contract, revision, updated_by)
    VALUES (${workspaceId}::uuid, ${rule.label}, ${rule.protected}, ${rule.contract}, ${rule.revision}, ${id}::uuid)
    ON CONFLICT (workspace_id, label) DO UPDATE SET protected = excluded.protected, contract = excluded.contract,
      revision = excluded.revision, updated_by = excluded.updated_by, updated_at = now()`
}
