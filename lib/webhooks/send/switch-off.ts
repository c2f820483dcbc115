import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { newsPublisher } from '../../db/changes/news.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'

/** Switches a webhook off that nothing has reached for long, and tells the bell. What waits for it is given up. */
export async function switchOff(
  actor: Actor,
  { webhook_id: id, name }: { webhook_id: string; name: string },
  error: string,
): Promise<void> {
  const hours = getRuntime().config.limits.webhook_failing_hours
  const reason = `Nothing reached it for ${hours} hours (limits.webhook_failing_hours). ${error}`.trim()
  await change(actor, async ({ tx, record }) => {
    const { workspaceId } = actor
    const count = await tx.$executeRaw`UPDATE webhook
      SET enabled = false, disabled_reason = ${reason}, revision = revision + 1, updated_at = now()
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND enabled`
    if (count === 0) return
    await tx.$executeRaw`INSERT INTO alert_event (id, workspace_id, rule_name, kind, window_start, subject, fired_at,
        resolved_at, detail, told_fired, told_resolved)
      VALUES (${newId()}::uuid, ${workspaceId}::uuid, ${name}, 'webhook_off', now(), ${id}, now(), now(),
        ${JSON.stringify({ reason })}::json, true, true)`
    record({
      action: 'webhook.disable',
      target: { kind: 'webhook', id, name },
      before: { enabled: true },
      after: { enabled: false, reason },
    })
  })
  newsPublisher().publish(actor.workspaceId, 'alerts')
}
