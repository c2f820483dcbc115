import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { assertMatches, etagOf } from '../../etag.ts'
import { operation } from '../../telemetry/operation.ts'
import { breakingChanges, toldTo, variablesOf } from '../impact/contract-guard.ts'
import type { LabelChange } from '../label-schema.ts'
import { listChanges } from '../plan/listing.ts'
import { assertMayMoveLabels } from '../policy.ts'
import { readListing } from '../store/listed-state.ts'
import { lockPrompt, touchPrompt } from '../store/lock-prompt.ts'
import { moveLabel } from '../store/move-label.ts'
import { assertMayMove } from '../store/release-guard.ts'

export interface SetLabelRequest {
  name: string
  label: string
  version: number
  accept_breaking?: boolean | undefined
  if_match?: string
}

/**
 * Sets a label or moves it to another version, by compare-and-swap on the prompt's ETag.
 * @throws not_found, precondition_required, precondition_failed (with `current_etag`), unprocessable for
 *   a version that does not exist, conflict `would_break` where the label's rule asks for it, forbidden (naming who may release, for a protected label), unavailable
 */
export const setLabel = operation('setLabel', run)

async function run(actor: Actor, input: SetLabelRequest): Promise<LabelChange> {
  assertMayMoveLabels(actor)
  const { label, version } = input
  return change(actor, async ({ tx, record }) => {
    const prompt = await lockPrompt(tx, actor, input.name)
    await assertMayMove(tx, actor, prompt, [label])
    assertMatches(input.if_match, prompt)
    if (version > prompt.latest_version) throw unknownVersion(prompt.name, version, prompt.latest_version)
    const before = await readListing(tx, actor.workspaceId, prompt.id)
    const variables = await variablesOf(tx, actor, prompt.id, version)
    const accepts = input.accept_breaking === true
    const { breaking, logged } = await breakingChanges(tx, actor, prompt, { label, variables, accepts })
    const move = await moveLabel(tx, actor, prompt.id, { label, to: version })
    const { revision } = move.from === move.to ? prompt : await touchPrompt(tx, actor, prompt)
    const after = await readListing(tx, actor.workspaceId, prompt.id)
    if (move.from !== move.to)
      record({
        action: 'label.set',
        target: { kind: 'prompt', id: prompt.id, name: prompt.name },
        before: { label, version: move.from },
        after: { label, version, ...(logged.length > 0 && { breaking: logged }) },
        lists: after === undefined ? [] : listChanges(before, after),
      })
    return {
      name: prompt.name,
      label,
      version,
      previous_version: move.from,
      breaking: toldTo(actor, breaking),
      updated_at: move.at.toISOString(),
      etag: etagOf({ id: prompt.id, revision }),
    }
  })
}

function unknownVersion(name: string, version: number, latest: number) {
  const message = `The prompt "${name}" has no version ${version}; its newest is ${latest}`
  return appError('unprocessable', `${message}.`, {
    details: [{ path: ['version'], code: 'unknown_version', message }],
    extra: { latest_version: latest },
  })
}
