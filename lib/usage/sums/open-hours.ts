import type { Pool } from 'pg'
import { listHour } from '../ranks/list-days.ts'
import { USAGE_HOUR } from '../usage-source.ts'
import { advance } from './advance.ts'
import { PROMPT, sumUp, WAY } from './sum-up.ts'
import { HOUR_MS } from './take-back.ts'

/** So many hours at most are summed up in one transaction: the days before are summed up as days. */
const HOURS = 48

/**
 * Sums up the hours that are over, of days that are not summed up yet: by way and client, and by prompt, and lists
 * which prompts were used most in each. Questions read them instead of the single hours of every prompt and client.
 * @returns whether there may be more
 */
export function rollUpHours(pool: Pool, workspaceId: string, upTo: Date): Promise<boolean> {
  return advance(pool, workspaceId, async (client, { until, hours_until }) => {
    const from = new Date(Math.max(until.getTime(), hours_until?.getTime() ?? 0))
    const to = new Date(Math.min(upTo.getTime(), from.getTime() + HOURS * HOUR_MS))
    if (from >= to) return false
    for (const statement of STATEMENTS) await client.query(statement, [workspaceId, from, to])
    for (let hour = from.getTime(); hour < to.getTime(); hour += HOUR_MS)
      await listHour(client, workspaceId, new Date(hour))
    // Whoever reads just now may still want the day that was summed up last.
    for (const statement of OLD) await client.query(statement, [workspaceId, until])
    await client.query('UPDATE usage_rolled SET hours_until = $2 WHERE workspace_id = $1', [workspaceId, to])
    return to < upTo
  })
}

const STATEMENTS = [
  sumUp('usage_open_way', USAGE_HOUR, 'hour', WAY),
  sumUp('usage_open_prompt', USAGE_HOUR, 'hour', PROMPT),
]

const OLD = ['usage_open_way', 'usage_open_prompt', 'usage_top'].map(
  (table) => `DELETE FROM ${table} WHERE workspace_id = $1 AND hour < $2::timestamptz - interval '1 day'
    ${table === 'usage_top' ? `AND unit = 'hour'` : ''}`,
)
