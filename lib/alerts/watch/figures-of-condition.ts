import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { countUnused, type Unused } from '../../usage/operations/count-unused.ts'
import { getHours, type Hours } from '../../usage/operations/get-hours.ts'
import { getSpentHours, type SpentHours } from '../../usage/operations/get-spent-hours.ts'
import type { StoredCondition } from '../stored-condition.ts'
import { DAY_MS, endOfHour, HOUR_MS } from './moments.ts'

/** Weeks that are the usual of a busy hour or day. */
export const WEEKS = [1, 2, 3, 4] as const
const WEEK_MS = 7 * DAY_MS

/** What a configuration may use in a month; null: as much as it likes. */
export interface Quota {
  tokens: number | null
  cost: number | null
}

/** Everything that judging a condition at some moments needs. */
export interface Figures {
  hours: Hours
  spending: SpentHours
  quota: Quota
  /** By moment. */
  unused: Map<number, Unused>
}

const NONE: Figures = {
  hours: { tallies: new Map(), firstUse: null },
  spending: new Map(),
  quota: { tokens: null, cost: null },
  unused: new Map(),
}

/**
 * Reads what a condition is judged by, for some moments together.
 * @param moments in milliseconds, in their order; at least one
 * @throws unavailable
 */
export async function readFigures(
  actor: Actor,
  condition: StoredCondition,
  moments: readonly number[],
): Promise<Figures> {
  const { kind } = condition
  if (kind === 'unused') return { ...NONE, unused: await readUnused(actor, condition, moments) }
  if (kind === 'cost' || kind === 'quota') {
    const [spending, quota] = await Promise.all([
      readSpending(actor, condition, moments),
      kind === 'quota' ? readQuota(actor, condition) : NONE.quota,
    ])
    return { ...NONE, spending, quota }
  }
  const hours = await getHours(actor, {
    promptId: condition.prompt_id,
    categoryId: condition.category_id,
    label: condition.label,
    client: condition.client,
    hours: hoursOf(condition, moments),
  })
  return { ...NONE, hours }
}

function readSpending(
  actor: Actor,
  condition: StoredCondition,
  moments: readonly number[],
): Promise<SpentHours> {
  const { from, to } = spanOf(condition, moments)
  return getSpentHours(actor, {
    configurationId: condition.configuration_id,
    promptId: condition.prompt_id,
    label: condition.label,
    categoryId: condition.category_id,
    from: new Date(from),
    to: new Date(to),
  })
}

/** The hours that count, each once. */
function hoursOf(condition: StoredCondition, moments: readonly number[]): number[] {
  if (condition.kind !== 'busy') {
    const { from, to } = spanOf(condition, moments)
    return range(from, to)
  }
  const hours = new Set<number>()
  for (const at of moments) {
    const { from, to } = busySpan(condition, at)
    for (const week of [0, ...WEEKS])
      for (const hour of range(from - week * WEEK_MS, to - week * WEEK_MS)) hours.add(hour)
  }
  return [...hours]
}

/** The hour or day of UTC that a moment is in, as the hours from its start to its end. */
export function busySpan({ per }: Pick<StoredCondition, 'per'>, at: number): { from: number; to: number } {
  const length = per === 'hour' ? HOUR_MS : DAY_MS
  const to = Math.ceil(at / length) * length
  return { from: to - length, to }
}

/** The same so many weeks ago. */
export function weeksBefore({ from, to }: { from: number; to: number }, weeks: number) {
  return { from: from - weeks * WEEK_MS, to: to - weeks * WEEK_MS }
}

function spanOf(condition: StoredCondition, moments: readonly number[]): { from: number; to: number } {
  const first = endOfHour(moments[0] ?? 0)
  const to = endOfHour(moments.at(-1) ?? 0)
  // One more hour than the window: the hours before the running one are judged while it has too little.
  if (condition.kind !== 'quota') return { from: first - (condition.window_hours + 1) * HOUR_MS, to }
  return { from: startOfMonth(first), to }
}

/** The start of the month of UTC that the hour before a moment is in. */
export function startOfMonth(at: number): number {
  const date = new Date(endOfHour(at) - HOUR_MS)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.round((to - from) / HOUR_MS) }, (_, n) => from + n * HOUR_MS)
}

async function readUnused(
  actor: Actor,
  { prompt_id: promptId, category_id: categoryId, days }: StoredCondition,
  moments: readonly number[],
): Promise<Map<number, Unused>> {
  const found = new Map<number, Unused>()
  for (const at of moments) {
    const from = new Date(endOfHour(at) - HOUR_MS - days * DAY_MS)
    found.set(at, await countUnused(actor, { promptId, categoryId, from, to: new Date(at) }))
  }
  return found
}

async function readQuota(actor: Actor, { configuration_id: id }: StoredCondition): Promise<Quota> {
  const { rows } = await readReplica(actor, (pool) =>
    pool.query<Quota>({
      name: 'alerts.quota',
      text: `SELECT monthly_token_quota::float8 AS tokens, monthly_cost_quota::float8 AS cost FROM ai_configuration
        WHERE workspace_id = $1::uuid AND id = $2::uuid`,
      values: [actor.workspaceId, id],
    }),
  )
  return rows[0] ?? { tokens: null, cost: null }
}
