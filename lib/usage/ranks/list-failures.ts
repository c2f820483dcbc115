import type { PoolClient } from 'pg'
import { monthBefore } from '../months.ts'
import { DAY_MS } from '../recording/partitions.ts'
import { endOf, thirdBefore } from '../sums/runs.ts'

type Unit = 'day' | 'third' | 'month'

/** So many reasons a list names: a page has at most 200, and needs more to prove that they are the first. */
const LISTED = 500
/** So many units of each kind are listed in one transaction. */
const AT_ONCE: Record<Unit, number> = { day: 7, third: 1, month: 1 }

const startOf: Record<Unit, (time: number) => number> = {
  day: (time) => Math.floor(time / DAY_MS) * DAY_MS,
  third: thirdBefore,
  month: monthBefore,
}

/**
 * Lists the most frequent reasons of failures of some days, a third of a month or a month, the newest first.
 * The caller holds the workspace's row of usage_rolled, so that nobody takes lists back meanwhile.
 * @param until the end of what is summed up: what is added later takes lists back
 * @returns whether there may be more
 */
export async function listFailures(client: PoolClient, workspaceId: string, until: Date): Promise<boolean> {
  const { rows } = await client.query<{ unit: Unit | null; hour: Date | null }>(KNOWN, [workspaceId])
  const first = rows.find(({ unit }) => unit === null)?.hour ?? until
  for (const unit of ['day', 'third', 'month'] as const) {
    const listed = new Set(rows.map((row) => row.unit === unit && row.hour?.getTime()))
    const missing = unitsBetween(unit, first, until).filter((start) => !listed.has(start))
    if (missing.length === 0) continue
    // Hundreds of thousands of reasons of a month are counted: in the memory of a statement, not on disk.
    await client.query(`SET LOCAL work_mem = '64MB'`)
    for (const start of missing.toReversed().slice(0, AT_ONCE[unit]))
      for (const statement of [TOP, LISTED_MARK])
        await client.query(statement, [workspaceId, unit, new Date(start), new Date(endOf(unit, start))])
    return true
  }
  return false
}

/** Starts of the units that are over, from the one of a time on. */
function unitsBetween(unit: Unit, first: Date, until: Date): number[] {
  const starts: number[] = []
  for (let start = startOf[unit](first.getTime()); endOf(unit, start) <= until.getTime(); )
    start = endOf(unit, starts[starts.push(start) - 1] ?? start)
  return starts
}

/** What is listed, and the first hour in which something failed. */
const KNOWN = `SELECT unit, hour FROM usage_failure_top WHERE workspace_id = $1 AND way = 'all'
  UNION ALL SELECT NULL, min(hour) FROM usage_failure_hour WHERE workspace_id = $1`

/** One pass over the failures makes the lists of everything, of surfaces, of clients and of callers. */
const TOP = `
INSERT INTO usage_failure_top (workspace_id, unit, hour, way, name, alike, totals, rest)
SELECT $1, $2, $3, way, name, coalesce(array_agg(alike ORDER BY place) FILTER (WHERE place <= ${LISTED}), '{}'),
  coalesce(array_agg(total ORDER BY place) FILTER (WHERE place <= ${LISTED}), '{}'),
  coalesce(max(total) FILTER (WHERE place > ${LISTED}), 0)
FROM (
  SELECT way, name, alike, total, row_number() OVER (PARTITION BY way, name ORDER BY total DESC, alike) AS place
  FROM (
    SELECT CASE grouping(surface, client, actor) WHEN 7 THEN 'all' WHEN 3 THEN 'surface' WHEN 5 THEN 'client' ELSE 'actor' END AS way,
      coalesce(surface, client, actor, '') AS name, alike, sum(total)::bigint AS total
    FROM (
      SELECT surface, coalesce(client_name, '') AS client, coalesce(actor_id::text, '') AS actor, alike, total
      FROM usage_failure_hour WHERE workspace_id = $1 AND hour >= $3::timestamptz AND hour < $4::timestamptz
    ) each GROUP BY GROUPING SETS ((alike), (surface, alike), (client, alike), (actor, alike))
  ) summed
) placed WHERE place <= ${LISTED + 1} GROUP BY way, name`

/** Also where nothing failed. */
const LISTED_MARK = `
INSERT INTO usage_failure_top (workspace_id, unit, hour, way, name, alike, totals, rest)
SELECT $1, $2, $3, 'all', '', '{}', '{}', 0 WHERE $4::timestamptz IS NOT NULL ON CONFLICT DO NOTHING`
