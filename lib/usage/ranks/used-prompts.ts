import type { Pool } from 'pg'
import { monthBefore } from '../months.ts'
import { DAY_MS } from '../recording/partitions.ts'
import { type Parts, readParts } from '../sums/parts.ts'
import { part, readSource, union } from '../usage-source.ts'

/** How a statement that has the workspace and the start and end of a span as its first parameters asks for uses. */
export interface UsedPrompts {
  /** Its beginning. */
  with: string
  /** What is joined to the prompts, whose alias is `p`. */
  joins: string
  /** The last use of a prompt that was not used in the span. */
  lastAt: string
  /** That a prompt was not used in the span. */
  isUnused: string
}

/** The cheapest way to tell which prompts were used in a span, and when those that were not were used last. */
export async function readUsedPrompts(
  pool: Pool,
  workspaceId: string,
  span: { from: Date; to: Date },
): Promise<UsedPrompts> {
  const { rows } = await pool.query<{ until: Date | null; newest: Date | null; listed: boolean }>({
    name: 'usage-last-known',
    text: KNOWN,
    values: [workspaceId],
  })
  const { until, newest, listed = false } = rows[0] ?? {}
  const open = until ?? new Date(0)
  const end = new Date(Math.max(open.getTime(), newest?.getTime() ?? 0) + 1)
  if (listed && until && span.from <= until && end <= span.to) return untilNow(until)
  if (listed) {
    const ofHours = readParts(pool, { workspaceId, from: open, to: end })
    return byDays(await readParts(pool, { workspaceId, ...span }), await ofHours)
  }
  const every = { promptId: undefined, version: undefined, surface: undefined, client: undefined }
  const { prompts } = await readSource(pool, { ...every, workspaceId, ...span })
  return byHours(prompts)
}

/** Up to where days are summed up, the newest hour, and whether the last uses of all these days are known. */
const KNOWN = `SELECT rolled.until, (SELECT max(hour) FROM usage_hour WHERE workspace_id = $1) AS newest, coalesce((
    SELECT count(*) FROM usage_top WHERE workspace_id = $1 AND unit = 'day' AND way = 'all' AND hour < rolled.until
  ) >= (
    SELECT extract(epoch FROM rolled.until - date_trunc('day', min(hour), 'UTC')) / 86400 FROM usage_all_hour
    WHERE workspace_id = $1
  ), true) AS listed
  FROM (SELECT (SELECT until FROM usage_rolled WHERE workspace_id = $1) AS until) rolled`

/** The last use of each prompt in the days that are summed up. */
const JOIN_LAST = 'LEFT JOIN usage_prompt_last last ON last.workspace_id = $1 AND last.prompt_id = p.id'

/**
 * In a span that reaches from days that are summed up until now, hours are looked up of those alone whose last use in
 * these days is before it.
 */
const untilNow = (until: Date): UsedPrompts => ({
  with: '',
  joins: JOIN_LAST,
  lastAt: 'last.last_at',
  isUnused: `(last.last_at >= $2::timestamptz OR EXISTS (SELECT FROM usage_hour
    WHERE usage_hour.workspace_id = $1 AND usage_hour.prompt_id = p.id
      AND usage_hour.hour >= '${until.toISOString()}'::timestamptz AND usage_hour.hour < $3::timestamptz)) IS NOT TRUE`,
})

const IN_SPAN = `usage.workspace_id = $1 AND usage.prompt_id IS NOT NULL
  AND usage.hour >= $2::timestamptz AND usage.hour < $3::timestamptz`

/**
 * Any other span: whole days by their bits, and the hours at its ends, as they are summed up.
 * @param open the hours from the last day that is summed up on, in which each prompt may have been used since
 */
function byDays({ from, firstDay, lastDay, settled, summed, to }: Parts, open: Parts): UsedPrompts {
  const ends = union(
    part('usage_hour', 'prompt_id', from, firstDay),
    part('usage_hour', 'prompt_id', lastDay, settled),
    part('usage_open_prompt', 'prompt_id', settled, summed),
    // Never empty.
    part('usage_hour', 'prompt_id', summed, Math.max(to, summed + 1)),
  )
  const since = union(
    part('usage_open_prompt', 'prompt_id, last_at', open.from, open.summed),
    part('usage_hour', 'prompt_id, last_at', open.summed, Math.max(open.to, open.summed + 1)),
  )
  // Whoever was not used in the span was used before or after it.
  return {
    with: `WITH used AS (
      SELECT prompt_id FROM usage_prompt_month_days WHERE workspace_id = $1 AND (${bitsOf(firstDay, lastDay)})
      UNION ALL SELECT usage.prompt_id FROM ${ends} WHERE ${IN_SPAN}
    ), since AS (
      SELECT usage.prompt_id, max(usage.last_at) AS last_at FROM ${since} WHERE usage.workspace_id = $1
        AND usage.prompt_id IS NOT NULL AND NOT (usage.hour >= $2::timestamptz AND usage.hour < $3::timestamptz)
      GROUP BY 1
    )`,
    joins: `${JOIN_LAST} LEFT JOIN since ON since.prompt_id = p.id`,
    lastAt: 'greatest(last.last_at, since.last_at)',
    isUnused: 'NOT EXISTS (SELECT FROM used WHERE used.prompt_id = p.id)',
  }
}

/** The condition for the bits of whole days between two times, month by month. */
function bitsOf(from: number, to: number): string {
  const bits = new Map<number, number>()
  for (let day = from; day < to; day += DAY_MS) {
    const month = monthBefore(day)
    bits.set(month, (bits.get(month) ?? 0) | (1 << ((day - month) / DAY_MS)))
  }
  const months = [...bits].map(
    ([month, days]) => `month = '${new Date(month).toISOString().slice(0, 10)}' AND days & ${days} <> 0`,
  )
  return months.length === 0 ? 'false' : months.join(' OR ')
}

/** As long as not all last uses are known. */
const byHours = (source: string): UsedPrompts => ({
  with: `WITH used AS MATERIALIZED (
    SELECT DISTINCT usage.prompt_id FROM ${source} WHERE ${IN_SPAN}
  )`,
  joins: '',
  lastAt: `(SELECT u.last_at FROM usage_hour u WHERE u.workspace_id = $1 AND u.prompt_id = p.id
    ORDER BY u.hour DESC LIMIT 1)`,
  isUnused: 'NOT EXISTS (SELECT FROM used WHERE used.prompt_id = p.id)',
})
