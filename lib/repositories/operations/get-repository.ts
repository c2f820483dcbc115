import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRepositories } from '../policy.ts'
import type { Repository } from '../schema.ts'
import {
  type FoundRepository,
  noRepository,
  repositoryAnswer,
  SELECT_REPOSITORIES,
} from '../stored-repository.ts'

const SELECT = `${SELECT_REPOSITORIES} AND r.id = $2::uuid`

/**
 * One repository, without what is sealed of it.
 * @throws not_found, forbidden, unavailable
 */
export const getRepository = operation('getRepository', run)

async function run(actor: Actor, { id }: { id: string }): Promise<Repository> {
  assertMayUseRepositories(actor)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<FoundRepository>({ name: 'repositories.get', text: SELECT, values: [actor.workspaceId, id] }),
  )
  if (rows[0] === undefined) throw noRepository()
  return repositoryAnswer(rows[0])
}
