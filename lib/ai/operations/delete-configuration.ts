import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { auditFacts } from '../configurations/audit-facts.ts'
import { lockConfigurations, noConfiguration } from '../configurations/stored-configuration.ts'
import { assertMay } from '../policy.ts'

export interface DeleteConfigurationRequest {
  name: string
  if_match?: string
}

/**
 * Deletes an AI configuration and its key. What it generated stays, with a copy of what it was; those that
 * fell back to it have no fallback any more.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), forbidden, unavailable
 */
export const deleteConfiguration = operation('deleteConfiguration', run)

async function run(actor: Actor, input: DeleteConfigurationRequest): Promise<void> {
  assertMay(actor, 'write')
  await change(actor, async ({ tx, record }) => {
    const all = await lockConfigurations(tx, actor.workspaceId)
    const row = all.find(({ name }) => name === input.name)
    if (row === undefined) throw noConfiguration(input.name)
    assertMatches(input.if_match, row, 'AI configuration')
    const where = { workspace_id: actor.workspaceId }
    for (const { id, name } of all.filter(({ fallback_id }) => fallback_id === row.id)) {
      await tx.aIConfiguration.update({
        where: { workspace_id_id: { ...where, id } },
        data: { fallback_id: null, revision: { increment: 1 }, updated_at: new Date() },
        select: { id: true },
      })
      record({
        action: 'configuration.update',
        target: { kind: 'configuration', id, name },
        before: { fallback: row.name },
        after: { fallback: null },
      })
    }
    await tx.aIConfiguration.deleteMany({ where: { ...where, id: row.id } })
    record({
      action: 'configuration.delete',
      target: { kind: 'configuration', id: row.id, name: row.name },
      before: auditFacts(row, all, row.has_key ? 'removed' : undefined),
    })
  })
}
