import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { type AttemptEnd, endAttempt, type StoredAttempt } from '../attempt.ts'
import { endGeneration, lockGeneration } from '../generation-row.ts'
import { isFinished } from '../schema.ts'

export interface FinishAttemptInput {
  id: string
  attempt: StoredAttempt
  end: AttemptEnd
  /** What has arrived. */
  text: string
}

/**
 * Keeps what came of an attempt: its figures, its cost and, unless it failed, the text and the end of the
 * generation, in one transaction. So an answer is either kept and paid for, or neither.
 * @returns whether it was kept: not when the attempt was taken for dead meanwhile
 * @throws unavailable
 */
export async function finishAttempt(actor: Actor, input: FinishAttemptInput): Promise<boolean> {
  const { id, attempt, end, text } = input
  const target = { workspaceId: actor.workspaceId, id }
  return change(actor, async ({ tx }) => {
    const row = await lockGeneration(tx, target)
    if (row === undefined || isFinished(row.status)) return false
    // Settling locks the rows of the limits, so it comes late.
    if (end.status === 'failed') return endAttempt(tx, actor.workspaceId, attempt, end)
    const kept = await endAttempt(tx, actor.workspaceId, attempt, end)
    if (!kept) return false
    await endGeneration(tx, target, {
      status: end.status,
      text: end.status === 'cancelled' && text === '' ? null : text,
      finishReason: end.finishReason,
      latencyMs: end.latencyMs,
      firstTokenMs: end.firstTokenMs,
    })
    return true
  })
}
