import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { appError } from '../errors.ts'

/**
 * Checks that those whom a rule tells are there.
 * @throws unprocessable naming the first that is not
 */
export async function assertDestinations(
  tx: Tx,
  { workspaceId }: Actor,
  { webhooks, members }: { webhooks: readonly string[]; members: readonly string[] },
): Promise<void> {
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM webhook WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${[...webhooks]}::uuid[])
    UNION ALL
    SELECT actor_id FROM member WHERE workspace_id = ${workspaceId}::uuid
      AND actor_id = ANY (${[...members]}::uuid[])`
  const ids = new Set(found.map(({ id }) => id))
  for (const [field, wanted] of Object.entries({ webhooks, members })) {
    const at = wanted.findIndex((id) => !ids.has(id))
    if (at === -1) continue
    const message = `There is no ${field === 'webhooks' ? 'webhook' : 'member'} "${wanted[at]}"`
    throw appError('unprocessable', `${message}.`, {
      details: [{ path: ['destinations', field, at], code: `unknown_${field.slice(0, -1)}`, message }],
    })
  }
}
