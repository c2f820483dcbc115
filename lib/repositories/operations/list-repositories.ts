import type { Actor } from '../../access/actor.ts'
import { newestPage } from '../../cursor.ts'
import { onPrimary } from '../../db/read.ts'
import type { PageQuery } from '../../page.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRepositories } from '../policy.ts'
import type { Repository, RepositoryPage } from '../schema.ts'
import { type FoundRepository, repositoryAnswer, SELECT_REPOSITORIES } from '../stored-repository.ts'

const SCOPE = { list: 'repositories' }
const timeOf = ({ created_at }: Repository) => created_at

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
  return newestPage(SCOPE, input, timeOf, async (after, most) => {
    const [time, id] = after ?? []
    const values = [actor.workspaceId, time, id, most]
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<FoundRepository>({ name: 'repositories.list', text: SELECT, values }),
    )
    return rows.map(repositoryAnswer)
  })
}
