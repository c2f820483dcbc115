import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { askToSync } from '../ask-to-sync.ts'
import { assertMayUseRepositories } from '../policy.ts'
import type { Repository } from '../schema.ts'
import { lockRepository, readRepository } from '../stored-repository.ts'

/**
 * Has a repository looked at as if it had been pushed to.
 * @throws not_found, conflict when it is off, forbidden, unavailable
 */
export const syncRepository = operation('syncRepository', run)

async function run(actor: Actor, { id }: { id: string }): Promise<Repository> {
  assertMayUseRepositories(actor)
  return change(actor, async ({ tx, record, send }) => {
    const { name, enabled } = await lockRepository(tx, actor, id)
    if (!enabled) throw appError('conflict', 'The repository is switched off. Switch it on first.')
    await askToSync({ tx, send }, { workspaceId: actor.workspaceId, id }, null)
    record({ action: 'repository.sync', target: { kind: 'repository', id, name } })
    return readRepository(tx, actor, id)
  })
}
