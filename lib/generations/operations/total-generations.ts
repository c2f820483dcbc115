import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { GenerationTotals, NarrowedGenerations } from '../schema.ts'
import { GENERATION_STATUSES, type GenerationStatus } from '../status.ts'
import { conditions, type Narrowed, parameters } from '../store/conditions.ts'
import { assertSense, resolveNarrowed } from '../store/narrow.ts'

/**
 * The sums over all generations that the filters leave: read from one index, which holds every column that they ask
 * for (ADR 101).
 * @throws as the list
 */
export const totalGenerations = operation('totalGenerations', run)

async function run(actor: Actor, asked: NarrowedGenerations): Promise<GenerationTotals> {
  assertMay(actor, 'read')
  assertSense(asked)
  return readReplica(actor, async (pool) => {
    const narrowed = await resolveNarrowed(pool, actor, asked)
    if (narrowed === undefined) return totalsOf([])
    const { rows } = await pool.query<Row>(statement(actor.workspaceId, narrowed))
    return totalsOf(rows)
  })
}

interface Row {
  status: GenerationStatus
  count: number
  cost: number | null
  input_tokens: number
  output_tokens: number
}

function statement(workspaceId: string, narrowed: Narrowed) {
  const { values, bind } = parameters()
  const text = `SELECT g.status, count(*)::float8 AS count, sum(g.cost)::float8 AS cost,
      coalesce(sum(g.input_tokens), 0)::float8 AS input_tokens, coalesce(sum(g.output_tokens), 0)::float8 AS output_tokens
    FROM generated_content g WHERE g.workspace_id = ${bind(workspaceId, 'uuid')}${conditions(narrowed, bind)} GROUP BY g.status`
  return { text, values }
}

function totalsOf(rows: readonly Row[]): GenerationTotals {
  const sum = (figure: (row: Row) => number) => rows.reduce((all, row) => all + figure(row), 0)
  const counts = Object.fromEntries(
    GENERATION_STATUSES.map((status) => [status, rows.find((row) => row.status === status)?.count ?? 0]),
  ) as Record<GenerationStatus, number>
  return {
    count: sum(({ count }) => count),
    counts,
    cost: rows.some(({ cost }) => cost !== null) ? sum(({ cost }) => cost ?? 0) : null,
    input_tokens: sum((row) => row.input_tokens),
    output_tokens: sum((row) => row.output_tokens),
  }
}
