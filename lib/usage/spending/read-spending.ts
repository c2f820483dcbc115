import type { Pool } from 'pg'
import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { cutOf } from '../cut.ts'
import type { Dimension } from '../rules.ts'
import { assertVersionOfPrompt, type Span, spanBefore, spanOf } from '../span.ts'
import type {
  Measure,
  Spending,
  SpendingPoint,
  SpendingQuery,
  SpendingRow,
  VersionCost,
} from '../spending-schema.ts'
import { resolvePromptId } from '../stats-queries.ts'
import { KEYS_MAX, OTHER, readTimes } from '../timeseries-queries.ts'
import { readForecast, readQuotas } from './read-forecast.ts'
import {
  type KeySums,
  readKeys,
  readPoints,
  readSeries,
  readTotals,
  readVersions,
} from './spending-queries.ts'
import type { SpendingFilter } from './spending-source.ts'
import { figuresOf, ratio, type Sums, shownSums, sumsOf } from './sums.ts'

const DEFAULT_ROWS = 50

/** What a query asks for, with its defaults. */
interface Question {
  by: Dimension
  measure: Measure
  span: Span
}

function questionOf(input: SpendingQuery): Question {
  assertVersionOfPrompt(input)
  const { by = 'prompt', measure = 'cost' } = input
  return { by, measure, span: spanOf(input) }
}

async function filterOf(
  pool: Pool,
  workspaceId: string,
  input: SpendingQuery,
  span: Span,
): Promise<SpendingFilter> {
  const { prompt, version, surface, client, label, configuration, model, category, actor } = input
  const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
  const filter = { promptId, version, surface, client, label, configuration, model, category, actor }
  return { workspaceId, ...span, ...filter }
}

/** All that is told about spending in a span. */
export function readSpending(actor: Actor, input: SpendingQuery): Promise<Spending> {
  const { by, measure, span } = questionOf(input)
  const cut = cutOf(span, input)
  const limit = input.limit ?? DEFAULT_ROWS
  return readReplica(actor, async (pool) => {
    const filter = await filterOf(pool, actor.workspaceId, input, span)
    const [totals, previous, ranked, times, sums, forecast, quotas, versions] = await Promise.all([
      readTotals(pool, filter),
      readTotals(pool, { ...filter, ...spanBefore(span) }),
      readKeys(pool, filter, { by, measure, limit: Math.max(limit, KEYS_MAX) }),
      readTimes(pool, span, cut),
      readPoints(pool, filter, cut),
      readForecast(pool, filter),
      readQuotas(pool, filter),
      input.prompt === undefined ? [] : readVersions(pool, filter),
    ])
    const keys = ranked.keys
      .slice(0, KEYS_MAX)
      .flatMap(({ key, sums: own }) => (measured(own, measure) > 0 ? [key] : []))
    const series = await readSeries(pool, filter, cut, { by, measure, keys })
    const points = times.map((time) => pointOf(time, sums.get(time), series.get(time), measure))
    const hasOther = points.some((point) => OTHER in point.series) && !keys.includes(OTHER)
    return {
      from: span.from.toISOString(),
      to: span.to.toISOString(),
      by,
      measure,
      interval: cut.interval,
      timezone: input.timezone ?? 'UTC',
      totals: figuresOf(totals),
      previous: figuresOf(previous),
      rows: ranked.keys.slice(0, limit).map((row) => rowOf(row, totals, measure)),
      row_count: ranked.count,
      keys: hasOther ? [...keys, OTHER] : keys,
      points,
      forecast,
      quotas,
      versions: versionCosts(versions),
    }
  })
}

/** The rows alone, as many as wanted, and how many there are. */
export function readSpendingRows(
  actor: Actor,
  input: SpendingQuery,
  limit: number,
): Promise<{ rows: SpendingRow[]; count: number; by: Dimension }> {
  const { by, measure, span } = questionOf(input)
  return readReplica(actor, async (pool) => {
    const filter = await filterOf(pool, actor.workspaceId, input, span)
    const [totals, { keys, count }] = await Promise.all([
      readTotals(pool, filter),
      readKeys(pool, filter, { by, measure, limit }),
    ])
    return { rows: keys.map((row) => rowOf(row, totals, measure)), count, by }
  })
}

function measured(sums: Sums, measure: Measure): number {
  return measure === 'tokens' ? sums.input_tokens + sums.output_tokens : sums[measure]
}

function rowOf({ key, name, sums }: KeySums, totals: Sums, measure: Measure): SpendingRow {
  const share = ratio(measured(sums, measure), measured(totals, measure))
  return { key, name, ...figuresOf(sums), share }
}

/** Digits of a dollar that the database keeps. */
const DECIMALS = 10

function pointOf(
  time: number,
  sums: Sums = sumsOf(undefined),
  own: ReadonlyMap<string, number> = new Map(),
  measure: Measure,
): SpendingPoint {
  const shown = [...own.values()].reduce((sum, value) => sum + value, 0)
  // Doubles have more digits than were spent.
  const rest = Number((measured(sums, measure) - shown).toFixed(DECIMALS))
  const series = Object.fromEntries(own)
  if (rest > 0) series[OTHER] = (series[OTHER] ?? 0) + rest
  return { time: new Date(time).toISOString(), ...shownSums(sums), series }
}

/** Fewer generations of a version say little about what one costs. */
const FEW = 30

/** @param versions the newest first */
function versionCosts(versions: readonly { version: number; sums: Sums }[]): VersionCost[] {
  const costs = versions
    .filter(({ sums }) => sums.generations > 0)
    .map(({ version, sums }) => ({
      version,
      generations: sums.generations,
      cost_per_generation: ratio(sums.cost, sums.generations),
      tokens_per_generation: ratio(sums.input_tokens + sums.output_tokens, sums.generations),
    }))
  return costs.map((cost, at) => {
    const before = costs[at + 1] ?? null
    const change = before === null ? null : changeOf(before.cost_per_generation, cost.cost_per_generation)
    const is_small = Math.min(cost.generations, before?.generations ?? cost.generations) < FEW
    return { ...cost, before, change, is_small }
  })
}

function changeOf(before: number | null, after: number | null): number | null {
  return before === null || after === null || before === 0 ? null : after / before - 1
}
