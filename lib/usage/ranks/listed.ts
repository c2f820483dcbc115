import type { Pool } from 'pg'
import type { Parts } from '../parts.ts'

/** Whole days or months of UTC between two times in milliseconds. */
export interface Run {
  unit: 'day' | 'month'
  from: number
  to: number
}

/** The whole days and months that a span is put together from. */
export function runsOf({ firstDay, firstMonth, lastMonth, lastDay }: Parts): Run[] {
  const runs: Run[] = [
    { unit: 'day', from: firstDay, to: firstMonth },
    { unit: 'month', from: firstMonth, to: lastMonth },
    { unit: 'day', from: lastMonth, to: lastDay },
  ]
  return runs.filter(({ from, to }) => from < to)
}

/** What of these runs has no lists of prompts yet. What comes before the first use has none either, and nothing in it. */
export async function readUnlisted(pool: Pool, workspaceId: string, runs: readonly Run[]): Promise<Run[]> {
  const { rows } = await pool.query<{ unit: string; hour: Date }>({
    name: 'usage-listed',
    text: `SELECT unit, hour FROM usage_top WHERE workspace_id = $1 AND way = 'all' ORDER BY hour`,
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
    start = next(unit, hour)
  }
  if (start < to) found.push({ unit, from: start, to })
  return found
}

function next(unit: Run['unit'], time: number): number {
  const date = new Date(time)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  return unit === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1)
}
