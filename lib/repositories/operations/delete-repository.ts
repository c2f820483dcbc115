import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { auditFacts } from '../audit-facts.ts'
import { stopRinging } from '../failing.ts'
import { assertMayUseRepositories } from '../policy.ts'
import { lockRepository } from '../stored-repository.ts'

/**
 * Takes no more from a repository; the prompts that came from it stay.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), forbidden, unavailable
 */
export const deleteRepository = operation('deleteRepository', run)

async function run(actor: Actor, { id, if_match }: { id: string; if_match?: string }): Promise<void> {
  assertMayUseRepositories(actor)
  await change(actor, async ({ tx, record }) => {
    const row = await lockRepository(tx, actor, id)
    assertMatches(if_match, row, 'repository')
    await tx.$executeRaw`DELETE FROM repository WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
    await stopRinging(tx, { workspaceId: actor.workspaceId, id })
    record({
      action: 'repository.delete',
      target: { kind: 'repository', id, name: row.name },
      before: auditFacts(row),
      after: null,
    })
  })
}
