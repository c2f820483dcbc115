import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { actorJson, isoTime } from '../db/columns.ts'
import { appError } from '../errors.ts'
import { etagOf } from '../etag.ts'
import type { Rule } from './schema.ts'
import { conditionAnswer, NAME_COLUMNS, type Names, type Settings } from './stored-condition.ts'

export interface FoundRule extends Omit<Rule, 'condition' | 'missing' | 'destinations' | 'etag'> {
  kind: string
  settings: Settings
  names: Names
  webhook_ids: string[]
  member_ids: string[]
  revision: number
}

/** Who has left is named no more: what a caller was answered can be sent back. */
const MEMBERS = `ARRAY(SELECT named.id FROM unnest(r.member_ids) WITH ORDINALITY AS named (id, place)
    WHERE EXISTS (SELECT FROM member m WHERE m.workspace_id = r.workspace_id AND m.actor_id = named.id)
    ORDER BY named.place)`

/** Columns of a rule as callers see it, of the table as `r`. */
export const RULE_COLUMNS = `r.id, r.name, r.kind, r.settings, r.enabled, r.webhook_ids, ${MEMBERS} AS member_ids, r.state,
  r.last_value, r.revision, ${isoTime('r.muted_until')} AS muted_until, ${isoTime('r.state_since')} AS state_since,
  ${isoTime('r.last_fired_at')} AS last_fired_at, ${isoTime('r.evaluated_at')} AS evaluated_at,
  ${isoTime('r.created_at')} AS created_at, ${isoTime('r.updated_at')} AS updated_at,
  ${actorJson('a')} AS created_by, ${NAME_COLUMNS}`
export const RULE_JOINS = 'JOIN actor a ON a.workspace_id = r.workspace_id AND a.id = r.created_by'

export function ruleAnswer(found: FoundRule): Rule {
  const { kind, settings, names, webhook_ids, member_ids, revision, ...rule } = found
  return {
    ...rule,
    ...conditionAnswer(kind, settings, names),
    destinations: { webhooks: webhook_ids, members: member_ids },
    etag: etagOf({ id: rule.id, revision }),
  }
}

export function noRule() {
  return appError('not_found', 'There is no such alert rule.')
}

const ONE = `SELECT ${RULE_COLUMNS} FROM alert_rule r ${RULE_JOINS} WHERE r.workspace_id = $1::uuid AND r.id = $2::uuid`

/** The rule as the transaction leaves it. @throws not_found */
export async function readRule(tx: Tx, { workspaceId }: Actor, id: string): Promise<Rule> {
  const [row] = await tx.$queryRawUnsafe<FoundRule[]>(ONE, workspaceId, id)
  if (row === undefined) throw noRule()
  return ruleAnswer(row)
}

/** A rule's row, as changes need it. */
export interface RuleRow {
  id: string
  name: string
  kind: string
  settings: Settings
  enabled: boolean
  webhook_ids: string[]
  member_ids: string[]
  muted_until: Date | null
  revision: number
}

/** Locks a rule until the transaction ends: its evaluation waits. @throws not_found */
export async function lockRule(tx: Tx, { workspaceId }: Actor, id: string): Promise<RuleRow> {
  const [row] = await tx.$queryRaw<RuleRow[]>`
    SELECT id, name, kind, settings, enabled, webhook_ids, member_ids, muted_until, revision FROM alert_rule
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`
  if (row === undefined) throw noRule()
  return row
}

/** Ends what a rule has fired, without telling anybody: the rule was changed, and not what it watches. */
export async function endEvents(tx: Tx, { workspaceId }: Actor, ruleId: string): Promise<void> {
  await tx.$executeRaw`UPDATE alert_event SET resolved_at = now(), told_fired = true, told_resolved = true
    WHERE workspace_id = ${workspaceId}::uuid AND rule_id = ${ruleId}::uuid AND resolved_at IS NULL`
}
