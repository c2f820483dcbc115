import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import type { Tx } from '../../db/client.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { checkedDestinations } from '../destinations.ts'
import { assertMayUseRules } from '../policy.ts'
import type { PatchRuleInput, Rule } from '../schema.ts'
import { inTransaction, type Settings, settingsOf, storedCondition } from '../stored-condition.ts'
import { endEvents, lockRule, type RuleRow, readRule } from '../stored-rule.ts'

export type PatchRuleRequest = PatchRuleInput & { id: string; if_match?: string }

/**
 * Changes a rule; what is left out stays. With another condition, or switched off, what it has fired is over.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), unprocessable (what it names
 *   and there is not), forbidden, unavailable
 */
export const patchRule = operation('patchRule', run)

async function run(actor: Actor, input: PatchRuleRequest): Promise<Rule> {
  assertMayUseRules(actor)
  const rule = await change(actor, (context) => update(context, actor, input))
  newsPublisher().publish(actor.workspaceId, 'alerts')
  return rule
}

async function update({ tx, record }: ChangeContext, actor: Actor, input: PatchRuleRequest): Promise<Rule> {
  const before = await lockRule(tx, actor, input.id)
  assertMatches(input.if_match, before, 'alert rule')
  const old = await readRule(tx, actor, input.id)
  const wanted = await checked(tx, actor, { before, old, input })
  const facts = changedFacts(old, wanted)
  if (facts === undefined) return old
  const after = merged(before, wanted)
  await write(tx, actor, after)
  const isAnew = facts.after['condition'] !== undefined || facts.after['enabled'] !== undefined
  if (isAnew) await beginAnew(tx, actor, input.id)
  record({
    action: 'alert_rule.update',
    target: { kind: 'alert_rule', id: input.id, name: after.name },
    ...facts,
  })
  return readRule(tx, actor, input.id)
}

/** What is asked for, checked: a condition that says the same as before is none. */
type Wanted = PatchRuleInput & { settings?: Settings }

interface Patch {
  before: RuleRow
  old: Rule
  input: PatchRuleRequest
}

async function checked(tx: Tx, actor: Actor, { before, old, input }: Patch): Promise<Wanted> {
  const { condition, destinations, name, enabled, muted_until } = input
  const settings =
    condition === undefined || sorted(condition) === sorted(old.condition)
      ? undefined
      : await settingsOf(inTransaction(tx), actor.workspaceId, condition)
  const isChanged =
    condition !== undefined &&
    settings !== undefined &&
    sorted(storedCondition(condition.kind, settings)) !==
      sorted(storedCondition(before.kind, before.settings))
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(muted_until !== undefined && { muted_until }),
    ...(isChanged && { condition, settings }),
    ...(destinations !== undefined && { destinations: await checkedDestinations(tx, actor, destinations) }),
  }
}

function merged(before: RuleRow, wanted: Wanted): RuleRow {
  const { name, enabled, condition, settings, destinations, muted_until: muted } = wanted
  return {
    ...before,
    name: name ?? before.name,
    enabled: enabled ?? before.enabled,
    ...(condition !== undefined && { kind: condition.kind }),
    ...(settings !== undefined && { settings }),
    ...(destinations !== undefined && {
      webhook_ids: destinations.webhooks,
      member_ids: destinations.members,
    }),
    ...(muted !== undefined && { muted_until: muted === null ? null : new Date(muted) }),
  }
}

const FIELDS = ['name', 'enabled', 'condition', 'destinations', 'muted_until'] as const

function changedFacts(old: Rule, input: PatchRuleInput) {
  const wanted = { ...input }
  if (wanted.muted_until) wanted.muted_until = new Date(wanted.muted_until).toISOString()
  const changed = FIELDS.filter(
    (field) => wanted[field] !== undefined && sorted(wanted[field]) !== sorted(old[field]),
  )
  if (changed.length === 0) return undefined
  const pick = (from: Partial<Rule>): Record<string, unknown> =>
    Object.fromEntries(changed.map((field) => [field, from[field]]))
  return { before: pick(old), after: pick(wanted) }
}

/** A value as text, whatever the order of its members. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  )
}

async function write(tx: Tx, actor: Actor, after: RuleRow): Promise<void> {
  const { id, name, kind, settings, enabled, webhook_ids, member_ids, muted_until } = after
  await tx.$executeRaw`UPDATE alert_rule SET name = ${name}, kind = ${kind}, settings = ${JSON.stringify(settings)}::json,
      enabled = ${enabled}, webhook_ids = ${webhook_ids}::uuid[], member_ids = ${member_ids}::uuid[],
      muted_until = ${muted_until}::timestamptz, revision = revision + 1, updated_at = now()
    WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
}

/** The window in which it fired last was one of the condition of before. */
async function beginAnew(tx: Tx, actor: Actor, id: string): Promise<void> {
  await tx.$executeRaw`UPDATE alert_rule SET state = 'ok', state_since = NULL, last_value = NULL, evaluated_at = NULL,
      last_window = NULL
    WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
  await endEvents(tx, actor, id)
}
