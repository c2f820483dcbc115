import type { Pool } from 'pg'
import type { Cut } from '../cut.ts'
import type { Dimension } from '../rules.ts'
import type { Measure } from '../spending-schema.ts'
import {
  FILTER_VALUES,
  filterValues,
  type SpendingFilter,
  spendingSource,
  whereOf,
} from './spending-source.ts'
import { MEASURED, SUMS, type SumRow, type Sums, sumsOf } from './sums.ts'

interface Split {
  /** Columns that are told apart. */
  columns: string
  /** What gives them their names; `b` are their sums. */
  join: string
  key: string
  name: string
  /** Whether prompts have to be told apart. */
  prompts?: boolean
}

const PROMPT = `JOIN prompt_template p ON p.workspace_id = $1 AND p.id = b.prompt_id`
const plain = (column: string): Split => {
  const key = `coalesce(b.${column}, '')`
  return { columns: `s.${column}`, join: '', key, name: key }
}

const SPLITS: Readonly<Record<Dimension, Split>> = {
  prompt: { columns: 's.prompt_id', join: PROMPT, key: 'p.name', name: 'p.name', prompts: true },
  version: {
    columns: 's.prompt_id, s.version_number',
    join: PROMPT,
    key: `p.name || '@' || b.version_number`,
    name: `p.name || '@' || b.version_number`,
    prompts: true,
  },
  label: plain('label'),
  configuration: {
    columns: 's.configuration_id, s.configuration_name',
    join: 'LEFT JOIN ai_configuration named ON named.workspace_id = $1 AND named.id = b.configuration_id',
    key: 'coalesce(named.name, b.configuration_name)',
    name: 'coalesce(named.name, b.configuration_name)',
  },
  model: plain('model'),
  category: {
    columns: 's.prompt_id',
    join: `${PROMPT} LEFT JOIN category shelf ON shelf.workspace_id = $1 AND shelf.id = p.category_id`,
    key: `coalesce(shelf.slug, '')`,
    name: `coalesce(shelf.name, '')`,
    prompts: true,
  },
  client: plain('client_name'),
  actor: {
    columns: 's.actor_id',
    join: 'JOIN actor a ON a.workspace_id = $1 AND a.id = b.actor_id',
    key: 'a.id::text',
    name: 'a.display',
  },
}

const VALUE: Readonly<Record<Measure, string>> = {
  cost: 's.cost',
  tokens: 's.input_tokens + s.output_tokens',
  generations: 's.generations',
}

/** The parameter so many places behind those of the filter. */
const at = (place: number) => `$${FILTER_VALUES + place}`

export async function readTotals(pool: Pool, filter: SpendingFilter): Promise<Sums> {
  const statement = `SELECT ${SUMS} FROM ${spendingSource(filter)} WHERE ${whereOf(filter)}`
  const { rows } = await pool.query<SumRow>(statement, filterValues(filter))
  return sumsOf(rows[0])
}

/** Sums of one key. */
export interface KeySums {
  key: string
  name: string
  sums: Sums
}

/** The sums by key, largest first, and how many keys there are. */
export async function readKeys(
  pool: Pool,
  filter: SpendingFilter,
  { by, measure, limit }: { by: Dimension; measure: Measure; limit: number },
): Promise<{ keys: KeySums[]; count: number }> {
  const { columns, join, key, name, prompts = false } = SPLITS[by]
  const again = MEASURED.map((each) => `sum(b.${each}) AS ${each}`).join(', ')
  const statement = `WITH base AS MATERIALIZED (
      SELECT ${columns}, ${SUMS} FROM ${spendingSource(filter, { prompts })} WHERE ${whereOf(filter)} GROUP BY ${columns}
    ), s AS (SELECT ${key} AS key, ${name} AS name, ${again} FROM base b ${join} GROUP BY 1, 2)
    SELECT s.*, count(*) OVER ()::integer AS keys FROM s ORDER BY ${VALUE[measure]} DESC, key LIMIT ${at(1)}`
  const { rows } = await pool.query<SumRow & { key: string; name: string; keys: number }>(statement, [
    ...filterValues(filter),
    limit,
  ])
  return {
    keys: rows.map((row) => ({ key: row.key, name: row.name, sums: sumsOf(row) })),
    count: rows[0]?.keys ?? 0,
  }
}

const UTC = new Set(['UTC', 'Etc/UTC'])

/** The parts that points may be made of: days of UTC are no days elsewhere. */
function largestIn({ interval, timezone }: Cut): 'hour' | 'day' | 'month' {
  if (interval === 'hour' || !UTC.has(timezone)) return 'hour'
  return interval === 'month' ? 'month' : 'day'
}

const POINT = `date_trunc(${at(1)}::text, s.hour, ${at(2)}::text)`

/** The sums of points that are not empty, by their time in milliseconds. */
export async function readPoints(pool: Pool, filter: SpendingFilter, cut: Cut): Promise<Map<number, Sums>> {
  const source = spendingSource(filter, { largest: largestIn(cut) })
  const { rows } = await pool.query<SumRow & { time: Date }>(
    `SELECT ${POINT} AS time, ${SUMS} FROM ${source} WHERE ${whereOf(filter)} GROUP BY 1`,
    [...filterValues(filter), cut.interval, cut.timezone],
  )
  return new Map(rows.map((row) => [row.time.getTime(), sumsOf(row)]))
}

/** What was measured of some keys, by the time of the point in milliseconds. */
export async function readSeries(
  pool: Pool,
  filter: SpendingFilter,
  cut: Cut,
  { by, measure, keys }: { by: Dimension; measure: Measure; keys: readonly string[] },
): Promise<Map<number, Map<string, number>>> {
  const { columns, join, key, prompts = false } = SPLITS[by]
  const source = spendingSource(filter, { prompts, largest: largestIn(cut) })
  // Few prompts are found by their index, whatever there is besides.
  const few =
    by === 'prompt' || by === 'version'
      ? `AND s.prompt_id = ANY (ARRAY(SELECT id FROM prompt_template WHERE workspace_id = $1 AND name = ANY (${at(4)}::text[])))`
      : `AND ${at(4)}::text[] IS NOT NULL`
  const statement = `WITH base AS MATERIALIZED (
      SELECT ${POINT} AS time, ${columns}, sum(${VALUE[measure]}) AS value FROM ${source}
      WHERE ${whereOf(filter)} ${few} GROUP BY time, ${columns}
    )
    SELECT time, key, sum(value) AS value FROM (SELECT b.time, ${key} AS key, b.value FROM base b ${join}) named
    WHERE key = ANY (${at(3)}::text[]) AND value > 0 GROUP BY time, key`
  const names = keys.map((each) => each.replace(/@\d+$/, ''))
  const values = [...filterValues(filter), cut.interval, cut.timezone, keys, names]
  const { rows } = await pool.query<{ time: Date; key: string; value: string }>(statement, values)
  const series = new Map<number, Map<string, number>>()
  for (const { time, key: name, value } of rows) {
    const point = series.get(time.getTime()) ?? new Map<string, number>()
    series.set(time.getTime(), point.set(name, Number(value)))
  }
  return series
}

/** Cost and tokens of a day of UTC. */
export interface DaySums {
  time: Date
  cost: string
  tokens: string
}

const DAY_SUMS = 'sum(s.cost) AS cost, sum(s.input_tokens + s.output_tokens) AS tokens'
const DAY = `date_trunc('day', s.hour, 'UTC') AS time`

export async function readDays(pool: Pool, filter: SpendingFilter): Promise<DaySums[]> {
  const source = spendingSource(filter, { largest: 'day' })
  const { rows } = await pool.query<DaySums>(
    `SELECT ${DAY}, ${DAY_SUMS} FROM ${source} WHERE ${whereOf(filter)} GROUP BY 1`,
    filterValues(filter),
  )
  return rows
}

/** The same by configuration. */
export async function readConfigurationDays(
  pool: Pool,
  filter: SpendingFilter,
  ids: readonly string[],
): Promise<(DaySums & { id: string })[]> {
  const source = spendingSource(filter, { largest: 'day' })
  const { rows } = await pool.query<DaySums & { id: string }>(
    `SELECT s.configuration_id AS id, ${DAY}, ${DAY_SUMS} FROM ${source}
     WHERE ${whereOf(filter)} AND s.configuration_id = ANY (${at(1)}::uuid[]) GROUP BY 1, 2`,
    [...filterValues(filter), ids],
  )
  return rows
}

/** Sums of each version of a prompt, the newest first. */
export async function readVersions(
  pool: Pool,
  filter: SpendingFilter,
): Promise<{ version: number; sums: Sums }[]> {
  const { rows } = await pool.query<SumRow & { version: number }>(
    `SELECT s.version_number AS version, ${SUMS} FROM ${spendingSource(filter, { prompts: true })}
     WHERE ${whereOf(filter)} GROUP BY 1 ORDER BY 1 DESC`,
    filterValues(filter),
  )
  return rows.map((row) => ({ version: row.version, sums: sumsOf(row) }))
}
