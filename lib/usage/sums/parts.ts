import type { Pool } from 'pg'
import { monthBefore, monthFrom } from '../months.ts'

const DAY_MS = 86_400_000

/** How a span is put together, as times in milliseconds: hours up to the first whole day and from the last one on. */
export interface Parts {
  from: number
  firstDay: number
  firstMonth: number
  lastMonth: number
  lastDay: number
  to: number
  /** Everything before is summed up by days. */
  settled: number
  /** And from there up to here by hours. */
  summed: number
}

/** How far the roll-ups of a workspace are, as times in milliseconds. */
interface Rolled {
  days: number
  months: number
  hours: number
}

async function readRolled(pool: Pool, workspaceId: string): Promise<Rolled> {
  const { rows } = await pool.query<{ days: Date; months: Date | null; hours: Date | null }>({
    name: 'usage-rolled',
    text: `SELECT until AS days, months_until AS months, hours_until AS hours FROM usage_rolled WHERE workspace_id = $1`,
    values: [workspaceId],
  })
  const at = (unit: keyof Rolled) => rows[0]?.[unit]?.getTime() ?? 0
  return { days: at('days'), months: at('months'), hours: at('hours') }
}

/** What of a span is summed up by hours, days and months. */
export async function readParts(
  pool: Pool,
  { workspaceId, ...span }: { workspaceId: string; from: Date; to: Date },
): Promise<Parts> {
  const rolled = await readRolled(pool, workspaceId)
  const from = span.from.getTime()
  const to = span.to.getTime()
  const settled = Math.max(from, Math.min(rolled.days, to))
  const firstDay = Math.min(Math.ceil(from / DAY_MS) * DAY_MS, settled)
  const lastDay = Math.max(Math.min(Math.floor(to / DAY_MS) * DAY_MS, settled), firstDay)
  const firstMonth = Math.min(monthFrom(firstDay), lastDay)
  const lastMonth = Math.max(firstMonth, monthBefore(Math.min(lastDay, rolled.months)))
  const summed = Math.max(settled, Math.min(rolled.hours, to))
  return { from, firstDay, firstMonth, lastMonth, lastDay, to, settled, summed }
}
