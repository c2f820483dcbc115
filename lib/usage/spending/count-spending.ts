import { getRuntime } from '../../runtime.ts'
import { attemptFacts, generationFacts, PROMPT_KEYS, WAY_KEYS } from './facts.ts'
import { MEASURED } from './sums.ts'

const AT_ONCE = 2000
/** An upgrade leaves what there was before to several rounds: other steps of the upkeep wait no longer than this. */
const LONGEST_MS = 20_000

/** Adds the facts to one table of sums, in the order of its keys: several instances wait for each other in a row. */
function addTo(table: string, unit: 'hour' | 'day' | 'month', own: readonly string[]): string {
  const keys = own.join(', ')
  return `INSERT INTO ${table} (id, workspace_id, hour, ${keys}, ${MEASURED.join(', ')})
    SELECT gen_random_uuid(), workspace_id, moment, ${keys}, ${MEASURED.join(', ')} FROM (
      SELECT workspace_id, date_trunc('${unit}', at, 'UTC') AS moment, ${keys},
        ${MEASURED.map((name) => `sum(${name}) AS ${name}`).join(', ')}
      FROM facts GROUP BY workspace_id, moment, ${keys}
    ) summed ORDER BY workspace_id, moment, ${keys}
    ON CONFLICT (workspace_id, hour, ${keys}) DO UPDATE SET
      ${MEASURED.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')}`
}

const ALL_KEYS = [...PROMPT_KEYS, ...WAY_KEYS]

/**
 * One statement marks rows and adds them to all tables: a row is in every one of them or in none, however often and
 * by how many instances it is run, and wherever it is broken off. It knows no clock: what is marked is counted. Rows
 * come in the order of their index, which has those without a mark alone.
 */
export const COUNT = `WITH settled AS MATERIALIZED (
    SELECT workspace_id, id FROM generation_attempt
    WHERE settled_at IS NOT NULL AND NOT counted
    ORDER BY workspace_id, settled_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
  ), attempts AS (
    UPDATE generation_attempt a SET counted = true FROM settled
    WHERE a.workspace_id = settled.workspace_id AND a.id = settled.id RETURNING a.*
  ), ended AS MATERIALIZED (
    SELECT workspace_id, id FROM generated_content
    WHERE finished_at IS NOT NULL AND NOT counted
    ORDER BY workspace_id, finished_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
  ), generations AS (
    UPDATE generated_content g SET counted = true FROM ended
    WHERE g.workspace_id = ended.workspace_id AND g.id = ended.id RETURNING g.*
  ), facts AS MATERIALIZED (
    ${attemptFacts('attempts a')}
    UNION ALL ${generationFacts('generations g')}
  ), hours AS (${addTo('spending_hour', 'hour', ALL_KEYS)}),
  days AS (${addTo('spending_day', 'day', ALL_KEYS)}),
  months AS (${addTo('spending_month', 'month', ALL_KEYS)}),
  way_hours AS (${addTo('spending_way_hour', 'hour', WAY_KEYS)}),
  way_days AS (${addTo('spending_way_day', 'day', WAY_KEYS)})
  SELECT (SELECT count(*) FROM settled)::integer AS attempts, (SELECT count(*) FROM ended)::integer AS generations`

/**
 * Adds attempts that are settled and generations that have ended to the sums of spending, some thousand at a time.
 * Figures count what is not added yet as well, so nobody waits for this.
 * @param atOnce rows of each kind that one statement adds
 * @returns whether there may be more
 */
export async function countSpending(atOnce = AT_ONCE): Promise<boolean> {
  const { pool } = getRuntime().database.primary
  const deadline = performance.now() + LONGEST_MS
  while (performance.now() < deadline) {
    const { rows } = await pool.query<{ attempts: number; generations: number }>(COUNT, [atOnce])
    const [row] = rows
    if (row === undefined || Math.max(row.attempts, row.generations) < atOnce) return false
  }
  return true
}
