import type { Pool } from 'pg'
import { monthBefore, monthFrom } from './months.ts'

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
}

/** How far the roll-ups of a workspace are, as times in milliseconds. */
interface Rolled {
  days: number
  months: number
}

async function readRolled(pool: Pool, workspaceId: string): Promise<Rolled> {
  const { rows } = await pool.query<{ until: Date; months_until: Date | null }>({
    name: 'usage-rolled',
    text: 'SELECT until, months_until FROM usage_rolled WHERE workspace_id = $1',
    values: [workspaceId],
  })
  return { days: rows[0]?.until.getTime() ?? 0, months: rows[0]?.months_until?.getTime() ?? 0 }
}

/** What of a span is summed up by days and by months. */
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
  return { from, firstDay, firstMonth, lastMonth, lastDay, to, settled }
}
