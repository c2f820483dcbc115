import type { Actor } from '../../access/actor.ts'
import { rightsToKeep } from '../../access/kept-actor.ts'
import { change } from '../../db/change.ts'
import { assertRoom } from '../../db/changes/room.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertAllowedArchive } from '../allowed-url.ts'
import { auditFacts } from '../audit-facts.ts'
import { assertMayActThrough, assertMayUseRepositories } from '../policy.ts'
import { USUAL_FOLDER } from '../rules.ts'
import type { CreateRepositoryInput, NewRepository } from '../schema.ts'
import { keepSecret, makeHookSecret } from '../sealed-secrets.ts'
import { readRepository } from '../stored-repository.ts'

/**
 * Takes prompts from a repository from now on, and answers the secret of its hook, this once.
 * @throws forbidden, unprocessable for an address that is not called, too_large at `limits.repositories`, unavailable
 */
export const createRepository = operation('createRepository', run)

async function run(actor: Actor, input: CreateRepositoryInput): Promise<NewRepository> {
  assertMayUseRepositories(actor)
  const { authorization = null, ...given } = input
  const row = {
    folder: USUAL_FOLDER,
    on_conflict: 'version',
    labels: false,
    category: null,
    enabled: true,
    ...given,
  } as const
  assertMayActThrough(actor, row)
  assertAllowedArchive(row.archive_url)
  return change(actor, async ({ tx, record }) => {
    await assertRoom(
      tx,
      actor.workspaceId,
      'repositories',
      (most) => `A workspace has at most ${most} repositories`,
      () => tx.repository.count({ where: { workspace_id: actor.workspaceId } }),
    )
    const id = newId()
    const { workspaceId } = actor
    await tx.$executeRaw`INSERT INTO repository (id, workspace_id, name, archive_url, ref, folder, on_conflict, labels,
        category, enabled, acts_for, acting_rights, created_by)
      VALUES (${id}::uuid, ${workspaceId}::uuid, ${row.name}, ${row.archive_url}, ${row.ref}, ${row.folder},
        ${row.on_conflict}, ${row.labels}, ${row.category}, ${row.enabled}, ${actor.id}::uuid,
        ${JSON.stringify(rightsToKeep(actor))}::json, ${actor.id}::uuid)`
    const secret = await makeHookSecret(tx, { workspaceId, id })
    await keepSecret(tx, { workspaceId, id }, 'authorization', authorization)
    record({
      action: 'repository.create',
      target: { kind: 'repository', id, name: row.name },
      after: { ...auditFacts(row), has_authorization: authorization !== null },
    })
    return { ...(await readRepository(tx, actor, id)), secret }
  })
}
