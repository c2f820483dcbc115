import type { Actor } from '../../access/actor.ts'
import { assertMay } from '../../access/rights.ts'
import { isoTime } from '../../db/columns.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import type { LangfuseListQuery, LangfusePromptList } from '../schema.ts'

/**
 * A page of prompts by number, in order of name, with their versions and labels. An actor pinned to a label sees the
 * version of its label alone.
 * @throws forbidden, unavailable
 */
export const listLangfusePrompts = operation('listLangfusePrompts', run)

const DEFAULT_LIMIT = 50

interface Row {
  name: string
  type: 'text' | 'chat'
  versions: number[]
  labels: string[]
  tags: string[]
  last_updated_at: string
  last_config: Record<string, unknown>
}

/** Labels of a prompt that the actor sees; everybody else sees `latest`, which every prompt has. */
const LABELS = `SELECT l.label, l.version_number FROM prompt_label l
    WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND ($2::text IS NULL OR l.label = $2)
  UNION ALL SELECT 'latest', p.next_version - 1 WHERE $2::text IS NULL OR $2 = 'latest'`

const FOUND = `FROM prompt_template p
  WHERE p.workspace_id = $1::uuid AND p.archived_at IS NULL
    AND ($3::text IS NULL OR p.name = $3) AND ($5::text IS NULL OR p.tags @> ARRAY[$5])
    AND ($6::timestamptz IS NULL OR p.updated_at >= $6) AND ($7::timestamptz IS NULL OR p.updated_at < $7)
    AND ($2::text IS NULL AND $4::text IS NULL
      OR EXISTS (SELECT FROM (${LABELS}) l WHERE l.label = coalesce($4::text, l.label)))`

const PAGE = `SELECT p.name, v.kind AS type, p.tags, v.config AS last_config,
    ${isoTime('p.updated_at')} AS last_updated_at,
    ARRAY(SELECT label FROM (${LABELS}) l ORDER BY label) AS labels,
    ARRAY(SELECT number FROM prompt_version n WHERE n.workspace_id = p.workspace_id AND n.prompt_id = p.id
      AND ($2::text IS NULL OR number IN (SELECT version_number FROM (${LABELS}) l)) ORDER BY number) AS versions
  FROM (SELECT * ${FOUND} ORDER BY name LIMIT $8 OFFSET $9) p
  JOIN prompt_version v ON v.workspace_id = p.workspace_id AND v.prompt_id = p.id AND v.number = (
    SELECT max(version_number) FROM (${LABELS}) l WHERE l.label = coalesce($4::text, l.label))
  ORDER BY p.name`

async function run(actor: Actor, query: LangfuseListQuery): Promise<LangfusePromptList> {
  assertMay(actor, 'prompts:read')
  const { page = 1, limit = DEFAULT_LIMIT } = query
  const values = [
    actor.workspaceId,
    actor.label,
    query.name ?? null,
    query.label ?? null,
    query.tag ?? null,
    query.fromUpdatedAt ?? null,
    query.toUpdatedAt ?? null,
  ]
  const { rows, total } = await readReplica(actor, async (pool) => {
    const counted = await pool.query<{ total: number }>(`SELECT count(*)::integer AS total ${FOUND}`, values)
    const found = await pool.query<Row>(PAGE, [...values, limit, (page - 1) * limit])
    return { rows: found.rows, total: counted.rows[0]?.total ?? 0 }
  })
  return {
    data: rows.map(({ last_updated_at: lastUpdatedAt, last_config: lastConfig, ...row }) => ({
      ...row,
      lastUpdatedAt,
      lastConfig,
    })),
    meta: { page, limit, totalItems: total, totalPages: Math.ceil(total / limit) },
  }
}
