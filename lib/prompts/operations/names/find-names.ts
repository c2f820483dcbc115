import type { Actor } from '../../../access/actor.ts'
import { readReplica } from '../../../db/read.ts'
import { operation } from '../../../telemetry/operation.ts'
import { LATEST } from '../../name.ts'
import { assertMay } from '../../policy.ts'

/** What somebody has typed of a name, among the prompts that they see. */
export interface FindNamesRequest {
  typed: string
  label: string
  /** Slug; null: every category. */
  category: string | null
  limit: number
}

export interface FoundNames {
  names: string[]
  /** Of all that match, those beyond the limit included. */
  total: number
}

const SELECT = `SELECT p.name, count(*) OVER ()::integer AS total FROM prompt_template p
  WHERE p.workspace_id = $1::uuid AND p.archived_at IS NULL AND strpos(p.name, $2::text) > 0
    AND ($3::text IS NULL OR p.category_id = (SELECT id FROM category WHERE workspace_id = $1::uuid AND slug = $3::text))
    AND ($4::text = '${LATEST}' OR EXISTS (SELECT FROM prompt_label l
      WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $4::text))
  ORDER BY NOT starts_with(p.name, $2::text), p.name LIMIT $5::integer`

/**
 * Names of active prompts that begin with what was typed, then those that hold it, each in order of name.
 * @throws forbidden, unavailable
 */
export const findNames = operation('findNames', run)

async function run(actor: Actor, request: FindNamesRequest): Promise<FoundNames> {
  assertMay(actor, 'read')
  const { typed, category, limit } = request
  const label = actor.label ?? request.label
  const values = [actor.workspaceId, typed.toLowerCase(), category, label, limit]
  const { rows } = await readReplica(actor, (pool) =>
    pool.query<{ name: string; total: number }>(SELECT, values),
  )
  return { names: rows.map((row) => row.name), total: rows[0]?.total ?? 0 }
}
