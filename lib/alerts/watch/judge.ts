import { p95Of } from '../../usage/operations/get-hours.ts'
import type { StoredCondition } from '../stored-condition.ts'
import { busySpan, type Figures, startOfMonth, WEEKS, weeksBefore } from './figures-of-condition.ts'
import { DAY_MS, endOfHour, HOUR_MS } from './moments.ts'

/** What was measured at one moment. */
export interface Observation {
  at: number
  windowStart: number
  /** In the unit of the kind; null: there is too little to say. */
  value: number | null
  isBreached: boolean
  /** What was counted, for people. */
  detail: Readonly<Record<string, unknown>>
}

interface Measured {
  value: number | null
  windowStart: number
  detail?: Record<string, unknown>
}

/**
 * Judges a condition at one moment. Live rules and tests on the past both do it with this, on figures that were read
 * in the same way.
 */
export function judge(condition: StoredCondition, figures: Figures, at: number): Observation {
  const { value, windowStart, detail = {} } = measure(condition, figures, at)
  const { threshold } = condition
  const isBreached = value !== null && threshold !== null && value >= threshold
  return { at, windowStart, value, isBreached, detail }
}

function measure(condition: StoredCondition, figures: Figures, at: number): Measured {
  switch (condition.kind) {
    case 'error_rate':
    case 'latency':
      return measureUses(condition, figures, at)
    case 'cost':
      return measureCost(condition, figures, at)
    case 'quota':
      return measureQuota(figures, at)
    case 'unused':
      return measureUnused(condition, figures, at)
    case 'busy':
      return measureBusy(condition, figures, at)
    case 'label_moved':
      return { value: null, windowStart: at }
  }
}

/** While the running hour has too little, the whole hours before it are judged. */
function measureUses(condition: StoredCondition, figures: Figures, at: number): Measured {
  const end = endOfHour(at)
  const length = condition.window_hours * HOUR_MS
  const running = usesIn(figures, end - length, end)
  if (running.total >= condition.min_count) return measuredUses(condition, running, end - length)
  const before = usesIn(figures, end - HOUR_MS - length, end - HOUR_MS)
  if (at < end && before.total >= condition.min_count)
    return measuredUses(condition, before, end - HOUR_MS - length)
  return { value: null, windowStart: end - length, detail: { uses: running.total } }
}

interface Uses {
  total: number
  failed: number
  buckets: number[]
}

function measuredUses({ kind }: StoredCondition, uses: Uses, windowStart: number): Measured {
  const { total, failed, buckets } = uses
  const value = kind === 'error_rate' ? failed / total : p95Of(buckets)
  return { value, windowStart, detail: { uses: total, failed } }
}

function usesIn({ hours: { tallies } }: Figures, from: number, to: number): Uses {
  const uses: Uses = { total: 0, failed: 0, buckets: [] }
  for (let hour = from; hour < to; hour += HOUR_MS) {
    const tally = tallies.get(hour)
    if (tally === undefined) continue
    uses.total += tally.total
    uses.failed += tally.failed
    for (const [bucket, count] of tally.buckets.entries())
      uses.buckets[bucket] = (uses.buckets[bucket] ?? 0) + count
  }
  return uses
}

function measureCost({ window_hours }: StoredCondition, figures: Figures, at: number): Measured {
  const end = endOfHour(at)
  const windowStart = end - window_hours * HOUR_MS
  return { value: spentIn(figures, windowStart, end).cost, windowStart }
}

function measureQuota(figures: Figures, at: number): Measured {
  const end = endOfHour(at)
  const { tokens, cost } = figures.quota
  const spent = spentIn(figures, startOfMonth(at), end)
  const shares = [shareOf(spent.tokens, tokens), shareOf(spent.cost, cost)].filter((each) => each !== null)
  const value = shares.length === 0 ? null : Math.max(...shares)
  return { value, windowStart: startOfMonth(at), detail: { ...spent } }
}

function shareOf(spent: number, quota: number | null): number | null {
  if (quota === null) return null
  return quota === 0 ? (spent > 0 ? 1 : 0) : spent / quota
}

function spentIn({ spending }: Figures, from: number, to: number): { cost: number; tokens: number } {
  const sum = { cost: 0, tokens: 0 }
  for (let hour = from; hour < to; hour += HOUR_MS) {
    const spent = spending.get(hour)
    sum.cost += spent?.cost ?? 0
    sum.tokens += spent?.tokens ?? 0
  }
  return sum
}

function measureUnused({ days }: StoredCondition, { unused }: Figures, at: number): Measured {
  const found = unused.get(at)
  const windowStart = endOfHour(at) - HOUR_MS - days * DAY_MS
  return { value: found?.total ?? null, windowStart, detail: { prompts: found?.names ?? [] } }
}

/** The usual is the mean of those weeks that lie after the first use: before it nothing is usual. */
function measureBusy(condition: StoredCondition, figures: Figures, at: number): Measured {
  const span = busySpan(condition, at)
  const windowStart = span.from
  // Of a day in the past no more counts than had happened by then.
  const { total } = usesIn(figures, span.from, Math.min(span.to, endOfHour(at)))
  const { firstUse } = figures.hours
  const known = WEEKS.map((week) => weeksBefore(span, week)).filter(
    ({ from }) => firstUse !== null && firstUse <= from,
  )
  if (known.length === 0 || total < condition.min_count)
    return { value: null, windowStart, detail: { uses: total } }
  const sum = known.reduce((uses, { from, to }) => uses + usesIn(figures, from, to).total, 0)
  const usual = sum / known.length
  return { value: total / Math.max(usual, 1), windowStart, detail: { uses: total, usual } }
}
