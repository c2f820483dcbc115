import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { revertSavedPrompts } from '../../prompts/operations/revert-saved-prompts.ts'
import type { SaveEffect } from '../../prompts/saving-schema.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { noImport } from '../errors.ts'
import { assertMayImport } from '../policy.ts'
import type { UndoneImport } from '../schema.ts'

/**
 * Takes an import back, by adding to what is there: nothing is deleted.
 * @throws not_found, conflict when it was taken back already, names what changed since, or `would_break` for a label
 *   that keeps its contract; forbidden, unavailable
 */
export const undoImport = operation('undoImport', run)

export interface UndoImportRequest {
  id: string
  accept_breaking?: boolean | undefined
}

async function run(
  actor: Actor,
  { id, accept_breaking: accepts = false }: UndoImportRequest,
): Promise<UndoneImport> {
  assertMayImport(actor)
  const { import_ms: timeoutMs } = getRuntime().config.limits
  return change(
    actor,
    async (context) => {
      const { origin, effects } = await take(context, actor, id)
      const undone = await revertSavedPrompts(actor, { context, effects, accepts })
      context.record({
        action: 'import.undo',
        target: { kind: 'import', id, name: origin },
        after: { ...undone },
      })
      return { id, ...undone }
    },
    { timeoutMs },
  )
}

interface Stored {
  origin: string
  effects: SaveEffect[]
  is_undone: boolean
}

/** Marks it as taken back, so that nobody else does it as well. */
async function take({ tx }: ChangeContext, actor: Actor, id: string): Promise<Stored> {
  const [found] = await tx.$queryRaw<Stored[]>`
    SELECT origin, effects, undone_at IS NOT NULL AS is_undone FROM prompt_import
    WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid FOR UPDATE`
  if (found === undefined) throw noImport(id)
  if (found.is_undone) {
    const message = 'The import was taken back already'
    throw appError('conflict', `${message}.`, { details: [{ path: ['id'], code: 'undone', message }] })
  }
  await tx.$executeRaw`
    UPDATE prompt_import SET undone_by = ${actor.id}::uuid, undone_at = now()
    WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id}::uuid`
  return found
}
