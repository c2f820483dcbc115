import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayLookAfter } from '../policy.ts'
import { messageTarget, noMessage } from './resend-message.ts'

/**
 * Gives up a message that was refused again and again: it is deleted and never sent, and later ones of its subject go
 * out. The audit log keeps what it was, without what it said.
 * @throws not_found when no such message waits to be sent again, forbidden, unavailable
 */
export const dropMessage = operation('dropMessage', run)

async function run(actor: Actor, { id }: { id: string }): Promise<void> {
  assertMayLookAfter(actor)
  const { outbox_tries } = getRuntime().config.limits
  await change(actor, async ({ tx, record }) => {
    const [message] = await tx.$queryRaw<
      { name: string; target: string; subject: string; tries: number }[]
    >`DELETE FROM outbox
      WHERE workspace_id = ${actor.workspaceId}::uuid AND id = ${id} AND tries >= ${outbox_tries}
      RETURNING name, target, subject, tries`
    if (message === undefined) throw noMessage(id)
    const { name, ...facts } = message
    record({
      action: 'outbox.drop',
      target: messageTarget(actor, id),
      before: { message: name, ...facts },
    })
  })
}
