import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayUseRepositories } from '../policy.ts'
import type { NewRepository } from '../schema.ts'
import { makeHookSecret } from '../sealed-secrets.ts'
import { lockRepository, readRepository } from '../stored-repository.ts'

/**
 * Gives a repository a new secret, which is answered this once; the one before is refused at once.
 * @throws not_found, forbidden, unavailable
 */
export const rotateRepositorySecret = operation('rotateRepositorySecret', run)

async function run(actor: Actor, { id }: { id: string }): Promise<NewRepository> {
  assertMayUseRepositories(actor)
  return change(actor, async ({ tx, record }) => {
    const { name } = await lockRepository(tx, actor, id)
    const secret = await makeHookSecret(tx, { workspaceId: actor.workspaceId, id })
    record({ action: 'repository.rotate', target: { kind: 'repository', id, name } })
    return { ...(await readRepository(tx, actor, id)), secret }
  })
}
