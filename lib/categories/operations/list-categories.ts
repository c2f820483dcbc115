import type pg from 'pg'
import type { Actor } from '../../access/actor.ts'
import { cachedRead, type Reading } from '../../db/cached-read.ts'
import type { ChangedTarget } from '../../db/changes/notice.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { CategoryList } from '../schema.ts'

/** Counting the prompts reads them all, so the list is kept until it changes. */
const CACHE = { name: 'categories', maxEntries: 1000, isTouchedBy: movesPrompts }
/** The same by label: a label that moves counts as well. */
const BY_LABEL = { name: 'categories.by-label', maxEntries: 1000, isTouchedBy: changesPrompts }

const SELECT = `SELECT w.revision::float8 AS revision, (
    SELECT coalesce(json_agg(json_build_object('slug', c.slug, 'name', c.name, 'description', c.description,
      'color', c.color, 'position', c.position, 'prompt_count', coalesce(counted.prompts, 0))
      ORDER BY c.position, c.slug), '[]')
    FROM category c LEFT JOIN (
      SELECT p.category_id, count(*) AS prompts FROM prompt_template p
      WHERE p.workspace_id = $1 AND p.archived_at IS NULL AND p.category_id IS NOT NULL
        AND ($2::text IS NULL OR $2::text = 'latest' OR EXISTS (SELECT FROM prompt_label l
          WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $2::text))
      GROUP BY p.category_id
    ) counted ON counted.category_id = c.id
    WHERE c.workspace_id = $1
  ) AS categories FROM workspace w WHERE w.id = $1`

/**
 * All categories in their order, with the number of active prompts in each. An actor pinned to a label is told how
 * many of them have it.
 */
export const listCategories = operation('listCategories', run)

async function run(actor: Actor): Promise<CategoryList> {
  assertMay(actor, 'read')
  const { workspaceId, label } = actor
  const cache = label === null ? CACHE : BY_LABEL
  return cachedRead(cache, workspaceId, label ?? '', (pool) => read(pool, workspaceId, label))
}

function changesPrompts({ kind }: ChangedTarget): boolean {
  return kind === 'prompt' || kind === 'category'
}

/** Categories themselves, and changes of prompts other than new versions, moved labels and examples. */
function movesPrompts({ kind, action }: ChangedTarget): boolean {
  return kind === 'category' || (kind === 'prompt' && !/^(version|label|example)\./.test(action))
}

async function read(
  pool: pg.Pool,
  workspaceId: string,
  label: string | null,
): Promise<Reading<CategoryList>> {
  const { rows } = await pool.query<CategoryList & { revision: number }>({
    name: 'categories.list',
    text: SELECT,
    values: [workspaceId, label],
  })
  const [row] = rows
  return { value: { categories: row?.categories ?? [] }, revision: row?.revision ?? 0 }
}
