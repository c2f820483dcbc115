import type { Actor } from '../../access/actor.ts'
import { rightsToKeep } from '../../access/kept-actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches, patched } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { isOtherHost, noAuthorizationForHost } from '../../webhooks/allowed-url.ts'
import { assertAllowedArchive } from '../allowed-url.ts'
import { auditFacts, FIELDS } from '../audit-facts.ts'
import { stopRinging } from '../failing.ts'
import { assertMayActThrough, assertMayUseRepositories } from '../policy.ts'
import type { PatchRepositoryInput, Repository } from '../schema.ts'
import { keepSecret } from '../sealed-secrets.ts'
import { lockRepository, readRepository } from '../stored-repository.ts'

export type PatchRepositoryRequest = PatchRepositoryInput & { id: string; if_match?: string }

/**
 * Changes a repository; what is left out stays. From then on it acts with the rights of who changed it. An
 * authorization is for the host that it was given for.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), unprocessable for an address
 *   that is not called, or of another host without its authorization; forbidden, unavailable
 */
export const patchRepository = operation('patchRepository', run)

async function run(actor: Actor, input: PatchRepositoryRequest): Promise<Repository> {
  assertMayUseRepositories(actor)
  if (input.archive_url !== undefined) assertAllowedArchive(input.archive_url)
  return change(actor, async ({ tx, record }) => {
    const before = await lockRepository(tx, actor, input.id)
    assertMatches(input.if_match, before, 'repository')
    const after = patched(before, input, FIELDS)
    assertMayActThrough(actor, after)
    const { id, name } = after
    const { workspaceId } = actor
    if (input.authorization !== undefined)
      await keepSecret(tx, { workspaceId, id }, 'authorization', input.authorization)
    else if (isOtherHost(before.archive_url, after.archive_url))
      if ((await readRepository(tx, actor, id)).has_authorization) throw noAuthorizationForHost()
    await tx.$executeRaw`UPDATE repository SET name = ${name}, archive_url = ${after.archive_url}, ref = ${after.ref},
        folder = ${after.folder}, on_conflict = ${after.on_conflict}, labels = ${after.labels},
        category = ${after.category}, enabled = ${after.enabled}, acts_for = ${actor.id}::uuid,
        acting_rights = ${JSON.stringify(rightsToKeep(actor))}::json, revision = revision + 1, updated_at = now()
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`
    if (!after.enabled) await stopRinging(tx, { workspaceId, id })
    const changed = FIELDS.filter((field) => before[field] !== after[field])
    record({
      action: 'repository.update',
      target: { kind: 'repository', id, name },
      before: auditFacts(before, changed),
      after: {
        ...auditFacts(after, changed),
        ...(input.authorization !== undefined && { has_authorization: input.authorization !== null }),
      },
    })
    return readRepository(tx, actor, id)
  })
}
