import type { Actor } from '../access/actor.ts'
import type { Tx } from '../db/client.ts'
import { appError } from '../errors.ts'
import type { Rule } from './schema.ts'

type Destinations = Rule['destinations']

/**
 * Those whom a rule tells, each once.
 * @throws unprocessable naming the first that is not there
 */
export async function checkedDestinations(
  tx: Tx,
  { workspaceId }: Actor,
  { webhooks, members }: Destinations,
): Promise<Destinations> {
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
  return { webhooks: [...new Set(webhooks)], members: [...new Set(members)] }
}
