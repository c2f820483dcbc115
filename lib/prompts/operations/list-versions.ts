import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { actorJson, isoTime } from '../../db/columns.ts'
import type { PageQuery } from '../../page.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { VersionPage, VersionSummary } from '../schema.ts'
import { findReadable } from '../store/find-readable.ts'

export type ListVersionsRequest = PageQuery & { name: string }

const Key = z.tuple([z.int32()])

/**
 * The versions of a prompt, newest first, without their text. An actor pinned to a label sees the version
 * that it names.
 * @throws not_found, invalid_input for a foreign cursor or a limit beyond the maximum, forbidden, unavailable
 */
export const listVersions = operation('listVersions', run)

async function run(actor: Actor, input: ListVersionsRequest): Promise<VersionPage> {
  assertMay(actor, 'read')
  const limit = pageSize(input.limit)
  return findReadable(actor, input.name, async ({ prompt, query, only }) => {
    const scope = { list: 'versions', filters: { prompt: prompt.id } }
    const [below] = decodeCursor(scope, Key, input.cursor) ?? [null]
    const rows = await query<VersionSummary>(VERSIONS, [
      actor.workspaceId,
      prompt.id,
      below,
      only ?? null,
      limit + 1,
      actor.label,
    ])
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    const more = rows.length > limit && last !== undefined
    return {
      items: items.map((item) => ({ ...item, name: prompt.name })),
      next_cursor: more ? encodeCursor(scope, [last.version]) : null,
    }
  })
}

const VERSIONS = `SELECT v.number AS version, v.kind, v.title, v.description,
    json_build_object('prompt', v.publish_prompt, 'tool', v.publish_tool,
      'skill', v.publish_skill) AS publish, v.message, v.checksum,
    ${actorJson('a')} AS author,
    ${isoTime('v.created_at')} AS created_at,
    ${isoTime('v.redacted_at')} AS redacted_at,
    (SELECT coalesce(json_agg(l.label ORDER BY l.label), '[]') FROM prompt_label l
      WHERE l.workspace_id = v.workspace_id AND l.prompt_id = v.prompt_id AND l.version_number = v.number
        AND ($6::text IS NULL OR l.label = $6::text)) AS labels
  FROM prompt_version v JOIN actor a ON a.workspace_id = v.workspace_id AND a.id = v.created_by
  WHERE v.workspace_id = $1::uuid AND v.prompt_id = $2::uuid
    AND ($3::integer IS NULL OR v.number < $3::integer) AND ($4::integer IS NULL OR v.number = $4::integer)
  ORDER BY v.number DESC LIMIT $5::integer`
