import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import type { StoredCondition } from '../stored-condition.ts'

export interface Spent {
  /** US dollars. */
  cost: number
  tokens: number
}

/** By the start of the hour in milliseconds; hours in which nothing was spent are left out. */
export type Spending = Map<number, Spent>

const OF_GENERATION = `JOIN generated_content g ON g.workspace_id = a.workspace_id AND g.id = a.generation_id
    AND ($5::uuid IS NULL OR g.prompt_id = $5) AND ($6::text IS NULL OR g.label = $6)
    AND ($7::uuid IS NULL OR g.prompt_id IN
      (SELECT p.id FROM prompt_template p WHERE p.workspace_id = $1 AND p.category_id = $7))`

const select = (join: string) => `SELECT date_trunc('hour', a.settled_at, 'UTC') AS hour,
    coalesce(sum(a.cost), 0)::float8 AS cost,
    sum(coalesce(a.input_tokens, 0) + coalesce(a.output_tokens, 0))::float8 AS tokens
  FROM generation_attempt a ${join}
  WHERE a.workspace_id = $1 AND a.settled_at >= $2::timestamptz AND a.settled_at < $3::timestamptz
    AND ($4::uuid IS NULL OR a.configuration_id = $4)
  GROUP BY 1`

/** What attempts cost that were settled in a span, by the hour: the one place that knows where costs are read from. */
export async function readSpending(
  actor: Actor,
  condition: Pick<StoredCondition, 'configuration_id' | 'prompt_id' | 'label' | 'category_id'>,
  { from, to }: { from: number; to: number },
): Promise<Spending> {
  const { configuration_id: configuration = null, ...narrowed } = condition
  const { prompt_id: prompt = null, label = null, category_id: category = null } = narrowed
  const values = [actor.workspaceId, new Date(from), new Date(to), configuration]
  const isNarrowed = prompt !== null || label !== null || category !== null
  const { rows } = await readReplica(actor, (pool) =>
    pool.query<Spent & { hour: Date }>(
      isNarrowed
        ? { text: select(OF_GENERATION), values: [...values, prompt, label, category] }
        : { text: select(''), values },
    ),
  )
  return new Map(rows.map(({ hour, cost, tokens }) => [hour.getTime(), { cost, tokens }]))
}
