import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { spendingSource } from '../spending/spending-source.ts'

/** Which attempts, by ids: who asks has resolved names long before. */
export interface SpentHoursQuery {
  configurationId?: string | undefined
  promptId?: string | undefined
  categoryId?: string | undefined
  label?: string | undefined
  /** Whole hours. */
  from: Date
  to: Date
}

/** Of an hour. */
export interface SpentHour {
  /** US dollars. */
  cost: number
  tokens: number
}

/** By the start of the hour in milliseconds; hours in which nothing was spent are left out. */
export type SpentHours = Map<number, SpentHour>

/** Attempts alone spend something; sums hold what ended beside them. */
const select = (source: string) => `SELECT s.hour, sum(s.cost)::float8 AS cost,
    sum(s.input_tokens + s.output_tokens)::float8 AS tokens
  FROM ${source}
  WHERE s.workspace_id = $1 AND ($2::uuid IS NULL OR s.configuration_id = $2)
    AND ($3::uuid IS NULL OR s.prompt_id = $3) AND ($4::text IS NULL OR s.label = $4)
    AND ($5::uuid IS NULL OR s.prompt_id IN
      (SELECT p.id FROM prompt_template p WHERE p.workspace_id = $1 AND p.category_id = $5))
  GROUP BY 1 HAVING sum(s.attempts) > 0`

/**
 * What attempts cost that were settled in a span, by the hour: from the sums of spending, and what is in none of them
 * yet.
 * @throws forbidden, unavailable
 */
export const getSpentHours = operation('getSpentHours', run)

async function run(actor: Actor, query: SpentHoursQuery): Promise<SpentHours> {
  assertMayReadUsage(actor)
  const { workspaceId } = actor
  const { configurationId = null, promptId = null, label = null, categoryId = null, from, to } = query
  const prompts = promptId !== null || categoryId !== null
  const statement = select(spendingSource({ workspaceId, from, to }, { prompts, largest: 'hour' }))
  const values = [workspaceId, configurationId, promptId, label, categoryId]
  const { rows } = await readReplica(actor, (pool) =>
    pool.query<SpentHour & { hour: Date }>(statement, values),
  )
  return new Map(rows.map(({ hour, cost, tokens }) => [hour.getTime(), { cost, tokens }]))
}
