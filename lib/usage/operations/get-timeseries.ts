import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { appError, overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { emptyTally, figures, type Tally } from '../figures.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readMarks } from '../prompt-marks.ts'
import type { INTERVALS, Timeseries, TimeseriesPoint, TimeseriesQuery } from '../schema.ts'
import { assertVersionOfPrompt, type Span, spanOf } from '../span.ts'
import { resolvePromptId } from '../stats-queries.ts'
import { readPoints, readSplit } from '../timeseries-queries.ts'

type Interval = (typeof INTERVALS)[number]

const DAY_MS = 86_400_000
const LENGTH_MS: Record<Interval, number> = {
  hour: DAY_MS / 24,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 28 * DAY_MS,
}

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
  const interval = intervalOf(span, input.interval)
  const timezone = input.timezone ?? 'UTC'
  assertTimezone(timezone)
  const { workspaceId } = actor
  const { prompt, version, surface, client, by } = input
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const filter = { workspaceId, ...span, promptId, version, surface, client }
    const cut = { interval, timezone }
    const [{ times, tallies }, split, marks] = await Promise.all([
      readPoints(pool, filter, cut),
      by === undefined ? { keys: [], series: new Map() } : readSplit(pool, filter, cut, by),
      promptId === undefined ? [] : readMarks(pool, workspaceId, promptId, span),
    ])
    return {
      from: span.from.toISOString(),
      to: span.to.toISOString(),
      interval,
      timezone,
      keys: split.keys,
      points: times.map((time) => pointOf(time, tallies.get(time), split.series.get(time))),
      marks,
    }
  })
}

function intervalOf({ from, to }: Span, asked: Interval | undefined): Interval {
  const length = to.getTime() - from.getTime()
  const interval = asked ?? fitting(length / DAY_MS)
  const most = getRuntime().config.limits.timeseries_points
  if (length / LENGTH_MS[interval] <= most) return interval
  const said = `\`interval\` would make more than ${most} points: choose a longer one or a shorter span`
  throw overLimit('limits.timeseries_points', said, ['interval'])
}

function fitting(days: number): Interval {
  if (days <= 3) return 'hour'
  if (days <= 100) return 'day'
  return days <= 700 ? 'week' : 'month'
}

/** Names alone: an offset such as +02:00 means the opposite to the database. */
function assertTimezone(name: string): void {
  try {
    if (/^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name })) return
  } catch {
    // Told below, as any other name that is none.
  }
  const message = 'is no time zone; write it as Europe/Berlin'
  throw appError('invalid_input', `\`timezone\` ${message}.`, {
    details: [{ path: ['timezone'], code: 'unknown_timezone', message }],
  })
}

function pointOf(
  time: number,
  tally: Tally | undefined,
  series: ReadonlyMap<string, number> | undefined,
): TimeseriesPoint {
  const { last_used_at: _, ...counted } = figures(tally ?? emptyTally())
  return { time: new Date(time).toISOString(), ...counted, series: Object.fromEntries(series ?? []) }
}
