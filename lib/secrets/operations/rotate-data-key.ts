import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayRotate } from '../policy.ts'
import { type Resealed, resealAll } from '../reseal.ts'
import { INSTALLATION, sealedColumnsOf } from '../sealed-columns.ts'
import { makeDataKey } from '../sealing.ts'

export interface RotateInput {
  /** What belongs to the installation instead of the actor's workspace: second factors. */
  installation?: boolean
}

/**
 * Makes a new data key in the actor's workspace and seals everything with it, while instances run: each value says
 * which data key opens it, so both are read meanwhile. Interrupted, it is simply called again.
 * @returns how much was sealed anew, and the names of what could not be opened
 * @throws forbidden, unavailable
 */
export const rotateDataKey = operation('rotateDataKey', run)

async function run(actor: Actor, { installation }: RotateInput): Promise<Resealed> {
  assertMayRotate(actor)
  const workspaceId = installation === true ? INSTALLATION : actor.workspaceId
  const made = makeDataKey(workspaceId)
  const target = { kind: 'secret', id: made.id, name: 'data key' }
  await change(actor, async ({ tx, record }) => {
    // Waits for changes that are about to seal with it.
    await tx.$executeRaw`UPDATE data_key SET retired_at = now()
      WHERE workspace_id = ${workspaceId}::uuid AND retired_at IS NULL`
    await tx.$executeRaw`INSERT INTO data_key (workspace_id, id, wraps)
      VALUES (${workspaceId}::uuid, ${made.id}::uuid, ${JSON.stringify(made.wraps)}::json)`
    record({ action: 'secret.rotate', target })
  })
  const done = await resealAll(actor, workspaceId)
  await change(actor, async ({ tx, record }) => {
    // A data key that still sealed something is kept by a foreign key: a mistake here loses nothing.
    const deleted = await tx.$executeRawUnsafe(deleteUnusedIn(workspaceId), workspaceId)
    const { resealed, unreadable } = done
    record({
      action: 'secret.rotated',
      target,
      after: { resealed, unreadable: unreadable.length, deleted },
    })
  })
  return done
}

function deleteUnusedIn(workspaceId: string): string {
  const unused = sealedColumnsOf(workspaceId).map(
    ({ table }) => `AND NOT EXISTS (SELECT FROM ${table} t WHERE t.data_key_id = k.id)`,
  )
  return `DELETE FROM data_key k WHERE k.workspace_id = $1::uuid AND k.retired_at IS NOT NULL ${unused.join(' ')}`
}
