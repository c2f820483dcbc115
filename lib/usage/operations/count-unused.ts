import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readUsedPrompts, type UsedPrompts } from '../ranks/used-prompts.ts'

export interface UnusedQuery {
  promptId?: string | undefined
  categoryId?: string | undefined
  /** The moment that is meant, and the start of the days before it. */
  from: Date
  to: Date
}

/** Prompts that were there at `from`, active at `to`, and not used between the two. */
export interface Unused {
  total: number
  /** The first of them by name. */
  names: string[]
}

const NAMES_MAX = 20

/** One prompt is found by its index. */
const ONE: UsedPrompts = {
  with: '',
  joins: '',
  lastAt: 'NULL',
  isUnused: `NOT EXISTS (SELECT FROM usage_hour WHERE usage_hour.workspace_id = $1 AND usage_hour.prompt_id = p.id
    AND usage_hour.hour >= $2::timestamptz AND usage_hour.hour < $3::timestamptz)`,
}

const unusedFrom = ({ with: start, joins, isUnused }: UsedPrompts) => `
  ${start === '' ? 'WITH' : `${start},`} unused AS (
    SELECT p.name FROM prompt_template p ${joins}
    WHERE p.workspace_id = $1 AND p.created_at <= $2::timestamptz
      AND (p.archived_at IS NULL OR p.archived_at > $3::timestamptz)
      AND ($4::uuid IS NULL OR p.id = $4) AND ($5::uuid IS NULL OR p.category_id = $5)
      AND ${isUnused}
  )
  SELECT (SELECT count(*)::integer FROM unused) AS total,
    ARRAY(SELECT name FROM unused ORDER BY name LIMIT ${NAMES_MAX}) AS names`

/**
 * How many prompts nobody used in a span, from the roll-ups.
 * @throws forbidden, unavailable
 */
export const countUnused = operation('countUnused', run)

async function run(actor: Actor, query: UnusedQuery): Promise<Unused> {
  assertMayReadUsage(actor)
  const { workspaceId } = actor
  const { promptId, categoryId = null, from, to } = query
  return readReplica(actor, async (pool) => {
    const used = promptId === undefined ? await readUsedPrompts(pool, workspaceId, { from, to }) : ONE
    const values = [workspaceId, from, to, promptId ?? null, categoryId]
    const { rows } = await pool.query<Unused>(unusedFrom(used), values)
    return rows[0] ?? { total: 0, names: [] }
  })
}
