import type { Pool } from 'pg'
import { DAY_MS } from '../recording/partitions.ts'
import type { Parts } from '../sums/parts.ts'
import { endOf, type Run } from '../sums/runs.ts'

/**
 * What is summed up of a span in whole units. The days that a span of days begins and ends in count as well: what a
 * list says of all of a day bounds what was used in a part of it.
 */
export function runsOf({ from, firstDay, lastDay, months, settled, summed }: Parts): Run[] {
  const runs: Run[] = [...months, { unit: 'hour', from: settled, to: summed }]
  if (firstDay < lastDay && from < firstDay) runs.push({ unit: 'day', from: firstDay - DAY_MS, to: firstDay })
  if (firstDay < lastDay && lastDay < settled) runs.push({ unit: 'day', from: lastDay, to: lastDay + DAY_MS })
  return runs.filter((run) => run.from < run.to)
}

/** The days of a span that are summed up: callers have no lists of months and hours. */
export function daysOf({ firstDay, lastDay }: Parts): Run[] {
  return firstDay < lastDay ? [{ unit: 'day', from: firstDay, to: lastDay }] : []
}

/**
 * What of these runs has no lists yet. What comes before the first use has none either, and nothing in it.
 * @param table whose lists: those of prompts, or those of reasons of failures
 */
export async function readUnlisted(
  pool: Pool,
  workspaceId: string,
  runs: readonly Run[],
  table: 'usage_top' | 'usage_failure_top' = 'usage_top',
): Promise<Run[]> {
  const { rows } = await pool.query<{ unit: string; hour: Date }>({
    name: `listed.${table}`,
    text: `SELECT unit, hour FROM ${table} WHERE workspace_id = $1 AND way = 'all' ORDER BY hour`,
    values: [workspaceId],
  })
  return runs.flatMap((run) => {
    const listed = rows.filter(({ unit }) => unit === run.unit).map(({ hour }) => hour.getTime())
    return gaps(run, listed)
  })
}

/** @param listed starts of days or months, in order */
function gaps({ unit, from, to }: Run, listed: number[]): Run[] {
  const found: Run[] = []
  let start = from
  for (const hour of listed) {
    if (hour < start || hour >= to) continue
    if (start < hour) found.push({ unit, from: start, to: hour })
    start = endOf(unit, hour)
  }
  if (start < to) found.push({ unit, from: start, to })
  return found
}
