import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { assertMatches } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { listChanges } from '../plan/listing.ts'
import { assertMayMoveLabels } from '../policy.ts'
import { readListing } from '../store/listed-state.ts'
import { lockPrompt, touchPrompt } from '../store/lock-prompt.ts'
import { moveLabel } from '../store/move-label.ts'
import { assertMayMove } from '../store/release-guard.ts'

export interface DeleteLabelRequest {
  name: string
  label: string
  if_match?: string
}

/**
 * Removes a label; its version stays.
 * @throws not_found (also for a label that the prompt does not have), precondition_required,
 *   precondition_failed (with `current_etag`), forbidden (naming who may release, for a protected label), unavailable
 */
export const deleteLabel = operation('deleteLabel', run)

async function run(actor: Actor, input: DeleteLabelRequest): Promise<void> {
  assertMayMoveLabels(actor)
  const { label } = input
  await change(actor, async ({ tx, record }) => {
    const prompt = await lockPrompt(tx, actor, input.name)
    await assertMayMove(tx, actor, prompt, [label])
    assertMatches(input.if_match, prompt)
    const before = await readListing(tx, actor.workspaceId, prompt.id)
    const { from } = await moveLabel(tx, actor, prompt.id, { label, to: null })
    if (from === null) throw appError('not_found', `The prompt "${prompt.name}" has no label "${label}".`)
    await touchPrompt(tx, actor, prompt)
    const after = await readListing(tx, actor.workspaceId, prompt.id)
    record({
      action: 'label.delete',
      target: { kind: 'prompt', id: prompt.id, name: prompt.name },
      before: { label, version: from },
      after: null,
      lists: after === undefined ? [] : listChanges(before, after),
    })
  })
}
