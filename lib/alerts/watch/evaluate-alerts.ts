import type { Actor } from '../../access/actor.ts'
import { systemActorIn } from '../../access/identify.ts'
import { change } from '../../db/change.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { newId } from '../../id.ts'
import { detailOf } from '../event-text.ts'
import {
  conditionAnswer,
  NAME_COLUMNS,
  type Names,
  type Settings,
  type StoredCondition,
  storedCondition,
} from '../stored-condition.ts'
import { tellAllAlerts } from '../tell/tell-alerts.ts'
import { readFigures } from './figures-of-condition.ts'
import { judge, type Observation } from './judge.ts'
import { HOUR_MS, momentsBetween, paceOf } from './moments.ts'
import { type Firing, type Standing, walk } from './standing.ts'

/** Time for one round; what is left comes with a later one, which catches up. */
const ROUND_MS = 20_000
/** After a long sleep no more than this of the past is gone through. */
const CATCH_UP_MS = 48 * HOUR_MS

interface DueRule {
  workspace_id: string
  id: string
  name: string
  kind: string
  settings: Settings
  names: Names
  revision: number
  state: Standing['state']
  state_since: Date | null
  last_fired_at: Date | null
  last_window: Date | null
  evaluated_at: Date | null
}

/** Moves of labels tell of themselves; the other kinds are looked at. In no order: one that fails holds up none. */
const DUE = `SELECT r.workspace_id, r.id, r.name, r.kind, r.settings, r.revision, r.state, r.state_since,
    r.last_fired_at, r.last_window, r.evaluated_at, ${NAME_COLUMNS}
  FROM alert_rule r WHERE r.enabled AND r.kind <> 'label_moved'
    AND (r.evaluated_at IS NULL OR r.evaluated_at < $1::timestamptz)
  ORDER BY random()`

/**
 * Evaluates all rules that are on, and tells of what fired. Once is enough for all instances; twice does no harm.
 * @returns whether rules are left
 * @throws AggregateError of the rules that could not be evaluated, after the others were
 */
export async function evaluateAlerts(now = new Date()): Promise<boolean> {
  const end = performance.now() + ROUND_MS
  const { rows } = await onPrimary(({ pool }) => pool.query<DueRule>(DUE, [now]))
  const failures: unknown[] = []
  let isMore = false
  for (const rule of rows) {
    if (performance.now() > end) {
      isMore = true
      break
    }
    try {
      await evaluateRule(rule, now.getTime())
    } catch (error) {
      failures.push(error)
    }
  }
  await tellAllAlerts()
  if (failures.length > 0) throw new AggregateError(failures, String(failures[0]))
  return isMore
}

async function evaluateRule(rule: DueRule, now: number): Promise<void> {
  const actor = await systemActorIn(rule.workspace_id)
  const condition = storedCondition(rule.kind, rule.settings)
  const since = Math.max(rule.evaluated_at?.getTime() ?? now, now - CATCH_UP_MS)
  const moments = momentsBetween(since, now, paceOf(condition))
  const observations = await observe(actor, rule, condition, moments)
  const before: Standing = {
    state: rule.state,
    since: rule.state_since?.getTime() ?? null,
    lastFiredAt: rule.last_fired_at?.getTime() ?? null,
    lastWindow: rule.last_window?.getTime() ?? null,
  }
  const walked = walk(before, observations, condition)
  const last = observations.at(-1)
  const isKept = await change(actor, ({ tx }) => keep(tx, actor, rule, { ...walked, last, now }))
  if (isKept && (walked.firings.length > 0 || walked.ended !== undefined))
    newsPublisher().publish(rule.workspace_id, 'alerts')
}

/** A rule that names what is gone watches nothing, also where sums of that are kept: what it fired is over. */
async function observe(
  actor: Actor,
  { kind, settings, names }: DueRule,
  condition: StoredCondition,
  moments: readonly number[],
): Promise<Observation[]> {
  if (conditionAnswer(kind, settings, names).missing.length > 0)
    return moments.map((at) => ({ at, windowStart: at, value: null, isBreached: false, detail: {} }))
  const figures = await readFigures(actor, condition, moments)
  return moments.map((at) => judge(condition, figures, at))
}

interface Walked {
  standing: Standing
  firings: Firing[]
  ended: Observation | undefined
  last: Observation | undefined
  now: number
}

/** @returns false when the rule was changed or evaluated meanwhile: then that counts, and this does not */
async function keep(tx: Tx, { workspaceId }: Actor, rule: DueRule, walked: Walked): Promise<boolean> {
  const { standing, firings, ended, last, now } = walked
  const count = await tx.$executeRaw`UPDATE alert_rule SET state = ${standing.state},
      state_since = ${dateOf(standing.since)}::timestamptz, last_value = ${last?.value ?? null},
      last_fired_at = ${dateOf(standing.lastFiredAt)}::timestamptz,
      last_window = ${dateOf(standing.lastWindow)}::timestamptz, evaluated_at = ${new Date(now)}::timestamptz
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${rule.id}::uuid AND enabled AND revision = ${rule.revision}
      AND evaluated_at IS NOT DISTINCT FROM ${rule.evaluated_at}::timestamptz`
  if (count === 0) return false
  if (ended !== undefined)
    await tx.$executeRaw`UPDATE alert_event SET resolved_at = ${new Date(ended.at)}::timestamptz
      WHERE workspace_id = ${workspaceId}::uuid AND rule_id = ${rule.id}::uuid AND resolved_at IS NULL`
  for (const firing of firings) await insertEvent(tx, workspaceId, rule, firing)
  return true
}

/** Once for a window, and for the rule as it is: changed, it may fire again for the same one. */
async function insertEvent(
  tx: Tx,
  workspaceId: string,
  rule: DueRule,
  { fired, resolved }: Firing,
): Promise<void> {
  const { condition } = conditionAnswer(rule.kind, rule.settings, rule.names)
  const { threshold } = storedCondition(rule.kind, rule.settings)
  const detail = { ...detailOf(condition), ...fired.detail }
  await tx.$executeRaw`INSERT INTO alert_event (id, workspace_id, rule_id, rule_name, kind, window_start, subject,
      fired_at, resolved_at, value, threshold, detail)
    VALUES (${newId()}::uuid, ${workspaceId}::uuid, ${rule.id}::uuid, ${rule.name}, ${rule.kind},
      ${new Date(fired.windowStart)}::timestamptz, ${String(rule.revision)}, ${new Date(fired.at)}::timestamptz,
      ${dateOf(resolved?.at ?? null)}::timestamptz, ${fired.value}, ${threshold}, ${JSON.stringify(detail)}::json)
    ON CONFLICT (workspace_id, rule_id, window_start, subject) DO NOTHING`
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time)
}
