import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import type { PageQuery } from '../../page.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { UsedBy, UsedByPage } from '../schema.ts'
import { findReadable } from '../store/find-readable.ts'

export type ListUsedByRequest = PageQuery & { name: string }

const Key = z.tuple([z.string(), z.int32(), z.string()])

/**
 * Versions of other prompts whose text includes this one: the newest of each, and those that have a label.
 * An actor pinned to a label sees those that have it.
 * @throws not_found, invalid_input for a foreign cursor or a limit beyond the maximum, forbidden, unavailable
 */
export const listUsedBy = operation('listUsedBy', run)

async function run(actor: Actor, input: ListUsedByRequest): Promise<UsedByPage> {
  assertMay(actor, 'read')
  const limit = pageSize(input.limit)
  return findReadable(actor, input.name, async ({ prompt, query }) => {
    const scope = { list: 'used-by', filters: { prompt: prompt.id } }
    const [name, version, ref] = decodeCursor(scope, Key, input.cursor) ?? [null, null, null]
    const values = [actor.workspaceId, prompt.id, name, version, ref, limit + 1, actor.label]
    const rows = await query<UsedBy>(USED_BY, values)
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    const more = rows.length > limit && last !== undefined
    return { items, next_cursor: more ? encodeCursor(scope, [last.name, last.version, last.ref]) : null }
  })
}

// Looked up version by version, which the limits enforce: as joins and conditions, prompts and labels would
// be read for all prompts at once.
const USED_BY = `SELECT t.name, v.title, v.number AS version, v.number = t.next_version - 1 AS newest,
    held.labels, i.ref, m.number AS included_version
  FROM version_include i
  JOIN LATERAL (SELECT workspace_id, prompt_id, number, title FROM prompt_version
    WHERE workspace_id = i.workspace_id AND id = i.version_id LIMIT 1) v ON true
  JOIN LATERAL (SELECT id, name, next_version, archived_at FROM prompt_template
    WHERE workspace_id = v.workspace_id AND id = v.prompt_id LIMIT 1) t ON true
  JOIN prompt_version m ON m.workspace_id = i.workspace_id AND m.id = i.included_version_id
  CROSS JOIN LATERAL (SELECT array(SELECT l.label FROM prompt_label l
    WHERE l.workspace_id = v.workspace_id AND l.prompt_id = v.prompt_id AND l.version_number = v.number
      AND ($7::text IS NULL OR l.label = $7::text)
    ORDER BY l.label) AS labels) held
  WHERE i.workspace_id = $1::uuid AND i.included_prompt_id = $2::uuid AND i.depth = 1
    AND t.id <> $2::uuid AND t.archived_at IS NULL
    AND ($3::text IS NULL OR (t.name, v.number, i.ref) > ($3::text, $4::integer, $5::text))
    AND (cardinality(held.labels) > 0
      OR v.number = t.next_version - 1 AND ($7::text IS NULL OR $7::text = 'latest'))
  ORDER BY t.name, v.number, i.ref LIMIT $6::integer`
