import type pg from 'pg'
import { z } from 'zod'
import type { Actor } from '../../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../../cursor.ts'
import { cachedRead, type Reading } from '../../../db/cached-read.ts'
import type { ChangedTarget } from '../../../db/changes/notice.ts'
import { readReplica } from '../../../db/read.ts'
import { pageSize } from '../../../page-size.ts'
import { operation } from '../../../telemetry/operation.ts'
import type { ListTagsQuery, TagPage } from '../../list-schema.ts'
import { assertMay } from '../../policy.ts'

/** Counting reads every prompt, so a page is kept until prompts change. */
const CACHE = { name: 'tags', maxEntries: 1000, isTouchedBy: changesTags }
const SCOPE = { list: 'tags' }
const Key = z.tuple([z.string().max(64)])

/**
 * The tags in use, in order, with the number of active prompts that have each. An actor pinned to a label
 * sees those of its prompts.
 * @throws invalid_input (cursor, limit), forbidden, unavailable
 */
export const listTags = operation('listTags', run)

async function run(actor: Actor, input: ListTagsQuery): Promise<TagPage> {
  assertMay(actor, 'read')
  const limit = pageSize(input.limit)
  const [after] = decodeCursor(SCOPE, Key, input.cursor) ?? ['']
  const { workspaceId, label } = actor
  const read = (pool: pg.Pool) => readPage(pool, { workspaceId, label, after, limit })
  if (label !== null) return (await readReplica(actor, read)).value
  return cachedRead(CACHE, workspaceId, `${limit} ${after}`, read)
}

/** New versions, moved labels and examples leave the tags alone. */
function changesTags({ kind, action }: ChangedTarget): boolean {
  return kind === 'prompt' && !/^(version|label|example)\./.test(action)
}

interface TagPageKey {
  workspaceId: string
  label: string | null
  after: string
  limit: number
}

const SELECT = `SELECT w.revision::float8 AS revision, (
    SELECT coalesce(json_agg(json_build_object('tag', counted.tag, 'prompt_count', counted.prompts)
      ORDER BY counted.tag), '[]')
    FROM (
      SELECT tag, count(*) AS prompts FROM prompt_template p CROSS JOIN unnest(p.tags) tag
      WHERE p.workspace_id = $1::uuid AND p.archived_at IS NULL AND tag > $2::text
        AND ($3::text IS NULL OR $3::text = 'latest' OR EXISTS (SELECT FROM prompt_label l
          WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $3::text))
      GROUP BY tag ORDER BY tag LIMIT $4::integer
    ) counted
  ) AS items FROM workspace w WHERE w.id = $1::uuid`

async function readPage(pool: pg.Pool, key: TagPageKey): Promise<Reading<TagPage>> {
  const { workspaceId, label, after, limit } = key
  const { rows } = await pool.query<{ revision: number; items: TagPage['items'] }>(SELECT, [
    workspaceId,
    after,
    label,
    limit + 1,
  ])
  const [row] = rows
  const items = row?.items ?? []
  const last = items.length > limit ? items[limit - 1] : undefined
  return {
    value: {
      items: items.slice(0, limit),
      next_cursor: last === undefined ? null : encodeCursor(SCOPE, [last.tag]),
    },
    revision: row?.revision ?? 0,
  }
}
