import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMayImport } from '../policy.ts'
import type { ImportPage, ImportSummary, ListImportsQuery } from '../schema.ts'
import { selectImports } from '../stored-import.ts'

const Position = z.tuple([CursorTime, z.uuid()])
const LIST = `${selectImports()} AND ($2::timestamptz IS NULL OR (i.created_at, i.id) < ($2::timestamptz, $3::uuid))
  ORDER BY i.created_at DESC, i.id DESC LIMIT $4::integer`

/**
 * Imports, newest first.
 * @throws invalid_input for a foreign cursor, forbidden, unavailable
 */
export const listImports = operation('listImports', run)

async function run(actor: Actor, input: ListImportsQuery): Promise<ImportPage> {
  assertMayImport(actor)
  const limit = pageSize(input.limit)
  const scope = { list: 'imports', filters: {} }
  const [at, id] = decodeCursor(scope, Position, input.cursor) ?? [null, null]
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<ImportSummary>(LIST, [actor.workspaceId, at, id, limit + 1]),
  )
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next_cursor: last === undefined ? null : encodeCursor(scope, [last.created_at, last.id]) }
}
