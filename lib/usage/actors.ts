import type { Pool } from 'pg'
import { figures } from './figures.ts'
import type { Stats } from './schema.ts'
import { readSpentByActor } from './spending/spent.ts'
import { type CountRow, SUMS, tallyOf } from './stats-queries.ts'
import { filterValues, readCallers, type UsageFilter, WHERE } from './usage-source.ts'

const actorsFrom = (source: string) => `
SELECT used.*, a.kind, a.display FROM (
  SELECT usage.actor_id, ${SUMS} FROM ${source} WHERE ${WHERE}
  GROUP BY 1 ORDER BY uses DESC, usage.actor_id LIMIT $8
) used JOIN actor a ON a.workspace_id = $1 AND a.id = used.actor_id
ORDER BY used.uses DESC, used.actor_id`

interface ActorRow extends CountRow {
  actor_id: string
  kind: string
  display: string
}

/** Who used what the filter leaves, most first; by whole days of UTC. */
export async function readActors(
  pool: Pool,
  filter: UsageFilter,
  limit: number,
): Promise<NonNullable<Stats['by_actor']>> {
  const statement = actorsFrom(await readCallers(pool, filter))
  const { rows } = await pool.query<ActorRow>(statement, [...filterValues(filter), limit])
  const spent = await readSpentByActor(
    pool,
    filter,
    rows.map((row) => row.actor_id),
  )
  return rows.map((row) => ({
    actor: { id: row.actor_id, kind: row.kind, display: row.display },
    ...figures(tallyOf(row), spent(row.actor_id)),
  }))
}
