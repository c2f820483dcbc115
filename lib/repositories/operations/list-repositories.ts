import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import type { PageQuery } from '../../page.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { CursorTime } from '../../time.ts'
import { assertMayUseRepositories } from '../policy.ts'
import type { RepositoryPage } from '../schema.ts'
import { type FoundRepository, repositoryAnswer, SELECT_REPOSITORIES } from '../stored-repository.ts'

const Key = z.tuple([CursorTime, z.uuid()])
const SCOPE = { list: 'repositories' }

const SELECT = `${SELECT_REPOSITORIES}
    AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2::timestamptz, $3::uuid))
  ORDER BY r.created_at DESC, r.id DESC LIMIT $4`

/**
 * A page of repositories, the newest first, without what is sealed of them.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listRepositories = operation('listRepositories', run)

async function run(actor: Actor, input: PageQuery): Promise<RepositoryPage> {
  assertMayUseRepositories(actor)
  const limit = pageSize(input.limit)
  const [time = null, id = null] = decodeCursor(SCOPE, Key, input.cursor) ?? []
  const values = [actor.workspaceId, time, id, limit + 1]
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundRepository>({ name: 'repositories.list', text: SELECT, values }),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(repositoryAnswer),
    next_cursor: last === undefined ? null : encodeCursor(SCOPE, [last.created_at, last.id]),
  }
}
