import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { cutOf } from '../cut.ts'
import { emptyTally, figures, type Tally } from '../figures.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readMarks } from '../prompt-marks.ts'
import type { Timeseries, TimeseriesPoint, TimeseriesQuery } from '../schema.ts'
import { assertVersionOfPrompt, spanOf } from '../span.ts'
import { readSpentPoints, type Spent } from '../spending/spent.ts'
import { resolvePromptId } from '../stats-queries.ts'
import { readPoints, readSplit } from '../timeseries-queries.ts'

/**
 * Usage over time, cut into hours, or days, weeks or months of a time zone. Points without uses are there.
 * @throws invalid_input for an unknown time zone, a span that is none, or `version` without `prompt`; too_large
 *   past `limits.timeseries_points`; not_found for an unknown prompt
 */
export const getTimeseries = operation('getTimeseries', run)

async function run(actor: Actor, input: TimeseriesQuery): Promise<Timeseries> {
  assertMayReadUsage(actor)
  assertVersionOfPrompt(input)
  const span = spanOf(input)
  const cut = cutOf(span, input)
  const { workspaceId } = actor
  const { prompt, version, surface, client, by } = input
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const filter = { workspaceId, ...span, promptId, version, surface, client }
    const [{ times, tallies }, spent, split, marks] = await Promise.all([
      readPoints(pool, filter, cut),
      readSpentPoints(pool, filter, cut),
      by === undefined ? { keys: [], series: new Map() } : readSplit(pool, filter, cut, by),
      promptId === undefined ? [] : readMarks(pool, workspaceId, promptId, span),
    ])
    return {
      from: span.from.toISOString(),
      to: span.to.toISOString(),
      interval: cut.interval,
      timezone: input.timezone ?? 'UTC',
      keys: split.keys,
      points: times.map((time) => ({
        ...pointOf(time, tallies.get(time), spent(time)),
        series: Object.fromEntries(split.series.get(time) ?? []),
      })),
      marks,
    }
  })
}

function pointOf(time: number, tally: Tally | undefined, spent: Spent): Omit<TimeseriesPoint, 'series'> {
  const { last_used_at: _, ...counted } = figures(tally ?? emptyTally(), spent)
  return { time: new Date(time).toISOString(), ...counted }
}
