import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { GenerationFacets, NarrowedGenerations } from '../schema.ts'
import { conditions, type Narrowed, parameters } from '../store/conditions.ts'
import { assertSense, resolveNarrowed } from '../store/narrow.ts'

/** The newest so many are counted: enough to tell what there is, at any size. */
const LOOKED_AT = 100_000
/** Values of each facet. */
const SHOWN = 50
const NOTHING: GenerationFacets = {
  looked_at: 0,
  errors: [],
  models: [],
  versions: [],
  labels: [],
  clients: [],
  categories: [],
  authors: [],
}

/**
 * The values that could narrow a list further, with how many of the newest generations have them.
 * @throws as the list
 */
export const countFacets = operation('countFacets', run)

async function run(actor: Actor, asked: NarrowedGenerations): Promise<GenerationFacets> {
  assertMay(actor, 'read')
  assertSense(asked)
  return readReplica(actor, async (pool) => {
    const narrowed = await resolveNarrowed(pool, actor, asked)
    if (narrowed === undefined) return NOTHING
    const { rows } = await pool.query<Row>(statement(actor.workspaceId, narrowed))
    const of = (facet: Row['facet']) =>
      rows.filter((row) => row.facet === facet).map(({ value, name, count }) => ({ value, name, count }))
    return {
      looked_at: rows.find(({ facet }) => facet === 'all')?.count ?? 0,
      errors: of('error'),
      models: of('model'),
      // Versions are numbered by prompt.
      versions: asked.prompt === undefined ? [] : of('version'),
      labels: of('label'),
      clients: of('client'),
      categories: of('category'),
      authors: of('author'),
    }
  })
}

interface Row {
  facet: 'all' | 'error' | 'model' | 'version' | 'label' | 'client' | 'category' | 'author'
  value: string
  name: string
  count: number
}

/** One walk along the index counts all of them. */
function statement(workspaceId: string, narrowed: Narrowed) {
  const { values, bind } = parameters()
  const text = `WITH looked AS (
      SELECT g.error_code, g.model, g.version_number, g.label, g.client_name, g.created_by, g.prompt_id
      FROM generated_content g
      WHERE g.workspace_id = ${bind(workspaceId, 'uuid')}${conditions(narrowed, bind)}
      ORDER BY g.created_at DESC, g.id DESC LIMIT ${LOOKED_AT}
    ), categorized AS (
      SELECT looked.*, k.slug FROM looked LEFT JOIN prompt_template p ON p.workspace_id = $1 AND p.id = looked.prompt_id
        LEFT JOIN category k ON k.workspace_id = p.workspace_id AND k.id = p.category_id
    ), counted AS (
      SELECT CASE WHEN grouping(error_code) = 0 THEN 'error' WHEN grouping(model) = 0 THEN 'model'
          WHEN grouping(version_number) = 0 THEN 'version' WHEN grouping(label) = 0 THEN 'label'
          WHEN grouping(client_name) = 0 THEN 'client' WHEN grouping(slug) = 0 THEN 'category'
          WHEN grouping(created_by) = 0 THEN 'author' ELSE 'all' END AS facet,
        coalesce(error_code, model, version_number::text, label, client_name, slug, created_by::text, '') AS value,
        created_by, count(*)::integer AS count
      FROM categorized GROUP BY GROUPING SETS
        ((error_code), (model), (version_number), (label), (client_name), (slug), (created_by), ())
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY facet ORDER BY count DESC, value) AS place FROM counted
      WHERE value <> '' OR facet = 'all'
    )
    SELECT r.facet, r.value, coalesce(a.display, k.name, r.value) AS name, r.count
    FROM ranked r LEFT JOIN actor a ON a.workspace_id = $1 AND a.id = r.created_by
      LEFT JOIN category k ON k.workspace_id = $1 AND k.slug = r.value AND r.facet = 'category'
    WHERE r.place <= ${SHOWN} ORDER BY r.facet, r.place`
  return { text, values }
}
