import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayLookAfter } from '../policy.ts'

/**
 * Has a message sent again that was refused again and again: its tries begin anew, and a relay takes it within
 * `limits.outbox_poll_ms`.
 * @throws not_found when no such message waits to be sent again, forbidden, unavailable
 */
export const resendMessage = operation('resendMessage', run)

async function run(actor: Actor, { id }: { id: string }): Promise<void> {
  assertMayLookAfter(actor)
  const { outbox_tries } = getRuntime().config.limits
  await change(actor, async ({ tx, record }) => {
    const [message] = await tx.$queryRaw<{ name: string; tries: number }[]>`
      UPDATE outbox o SET tries = 0, due_at = now() FROM outbox before
      WHERE o.workspace_id = ${actor.workspaceId}::uuid AND o.id = ${id} AND o.tries >= ${outbox_tries}
        AND before.workspace_id = o.workspace_id AND before.id = o.id
      RETURNING o.name, before.tries`
    if (message === undefined) throw noMessage(id)
    record({
      action: 'outbox.resend',
      target: messageTarget(actor, id),
      before: { message: message.name, tries: message.tries },
      after: { message: message.name, tries: 0 },
    })
  })
}

/** The refusal where no poisoned message has this id. */
export function noMessage(id: string) {
  return appError('not_found', `No message ${id} waits to be sent again.`)
}

/** The target of audit rows. Ids of messages are texts of their senders: that is its name, beside the workspace. */
export function messageTarget({ workspaceId }: Actor, id: string) {
  return { kind: 'message', id: workspaceId, name: id }
}
