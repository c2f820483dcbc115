import type { Pool } from 'pg'
import type { Cut } from '../cut.ts'
import type { UsageFilter } from '../usage-source.ts'
import { readPoints } from './spending-queries.ts'
import { FILTER_VALUES, filterValues, spendingSource, whereOf } from './spending-source.ts'
import type { Sums } from './sums.ts'

/** What generations cost, for figures of usage. */
export interface Spent {
  cost: number
  tokens: number
}

const NOTHING: Spent = { cost: 0, tokens: 0 }

/** What was spent by groups of usage, of the keys that are shown. */
export interface GroupedSpent {
  total: Spent
  surface(key: string): Spent
  client(key: string): Spent
  prompt(name: string): Spent
  version(name: string, version: number): Spent
}

interface Row {
  cost: string
  tokens: string
}

const SPENT = 'coalesce(sum(s.cost), 0) AS cost, coalesce(sum(s.input_tokens + s.output_tokens), 0) AS tokens'

function spentOf(row: Row | undefined): Spent {
  return row === undefined ? NOTHING : { cost: Number(row.cost), tokens: Number(row.tokens) }
}

export async function readSpent(pool: Pool, filter: UsageFilter): Promise<Spent> {
  const { rows } = await pool.query<Row>(
    `SELECT ${SPENT} FROM ${spendingSource(filter)} WHERE ${whereOf(filter)}`,
    filterValues(filter),
  )
  return spentOf(rows[0])
}

/** What each of some actors spent, by its id. */
export async function readSpentByActor(
  pool: Pool,
  filter: UsageFilter,
  actors: readonly string[],
): Promise<(actor: string) => Spent> {
  const { rows } = await pool.query<Row & { actor_id: string }>(
    `SELECT s.actor_id, ${SPENT} FROM ${spendingSource(filter)}
     WHERE ${whereOf(filter)} AND s.actor_id = ANY ($${FILTER_VALUES + 1}::uuid[]) GROUP BY 1`,
    [...filterValues(filter), actors],
  )
  const found = new Map(rows.map((row) => [row.actor_id, row]))
  return (actor) => spentOf(found.get(actor))
}

/** By point, as times in milliseconds. */
export async function readSpentPoints(
  pool: Pool,
  filter: UsageFilter,
  cut: Cut,
): Promise<(time: number) => Spent> {
  const points = await readPoints(pool, filter, cut)
  const spent = (sums: Sums): Spent => ({ cost: sums.cost, tokens: sums.input_tokens + sums.output_tokens })
  return (time) => {
    const sums = points.get(time)
    return sums === undefined ? NOTHING : spent(sums)
  }
}

/** @param prompts names of those that are shown */
export async function readGroupedSpent(
  pool: Pool,
  filter: UsageFilter,
  prompts: readonly string[],
): Promise<GroupedSpent> {
  const where = whereOf(filter)
  const values = filterValues(filter)
  const [ways, versions] = await Promise.all([
    pool.query<Row & { grouping: number; surface: string | null; client: string | null }>(
      `SELECT grouping(s.surface, s.client_name)::integer AS grouping, s.surface, s.client_name AS client, ${SPENT}
       FROM ${spendingSource(filter)} WHERE ${where} GROUP BY GROUPING SETS ((), (s.surface), (s.client_name))`,
      values,
    ),
    pool.query<Row & { prompt: string; version: number | null }>(
      `SELECT p.name AS prompt, s.version_number AS version, ${SPENT}
       FROM ${spendingSource(filter, { prompts: true })} JOIN prompt_template p ON p.workspace_id = s.workspace_id AND p.id = s.prompt_id
       WHERE ${where} AND s.prompt_id = ANY (
         ARRAY(SELECT id FROM prompt_template WHERE workspace_id = $1 AND name = ANY ($${FILTER_VALUES + 1}::text[])))
       GROUP BY GROUPING SETS ((p.name), (p.name, s.version_number))`,
      [...values, prompts],
    ),
  ])
  // GROUPING() tells in bits which of (surface, client) a row is not grouped by.
  const way = (grouping: number) => ways.rows.filter((row) => row.grouping === grouping)
  const surfaces = new Map(way(1).map((row) => [row.surface ?? '', row]))
  const clients = new Map(way(2).map((row) => [row.client ?? '', row]))
  const named = new Map(versions.rows.map((row) => [keyOf(row.prompt, row.version), row]))
  return {
    total: spentOf(way(3)[0]),
    surface: (key) => spentOf(surfaces.get(key)),
    client: (key) => spentOf(clients.get(key)),
    prompt: (name) => spentOf(named.get(keyOf(name, null))),
    version: (name, version) => spentOf(named.get(keyOf(name, version))),
  }
}

const keyOf = (name: string, version: number | null) => (version === null ? name : `${name}@${version}`)
