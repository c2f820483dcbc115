import type { Pool } from 'pg'
import { type Run, runsBetween } from './runs.ts'

const DAY_MS = 86_400_000

/** How a span is put together, as times in milliseconds: hours up to the first whole day and from the last one on. */
export interface Parts {
  from: number
  firstDay: number
  lastDay: number
  to: number
  /** The days, with the months that are summed up. */
  months: Run[]
  /** And with the thirds of months. */
  thirds: Run[]
  /** Everything before is summed up by days. */
  settled: number
  /** And from there up to here by hours. */
  summed: number
}

/** How far the roll-ups of a workspace are, as times in milliseconds. */
interface Rolled {
  days: number
  months: number
  thirds: number
  hours: number
}

async function readRolled(pool: Pool, workspaceId: string): Promise<Rolled> {
  const { rows } = await pool.query<{ days: Date } & Record<'months' | 'thirds' | 'hours', Date | null>>({
    name: 'usage-rolled',
    text: `SELECT until AS days, months_until AS months, thirds_until AS thirds, hours_until AS hours
      FROM usage_rolled WHERE workspace_id = $1`,
    values: [workspaceId],
  })
  const at = (unit: keyof Rolled) => rows[0]?.[unit]?.getTime() ?? 0
  return { days: at('days'), months: at('months'), thirds: at('thirds'), hours: at('hours') }
}

/** What of a span is summed up by hours, days, thirds of months and months. */
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
  const summed = Math.max(settled, Math.min(rolled.hours, to))
  const month = { unit: 'month', until: rolled.months } as const
  const third = { unit: 'third', until: rolled.thirds } as const
  const [months, thirds] = [
    runsBetween(firstDay, lastDay, [month]),
    runsBetween(firstDay, lastDay, [month, third]),
  ]
  return { from, firstDay, lastDay, to, months, thirds, settled, summed }
}
