import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { readAuthorization } from '../authorization.ts'
import { assertMayConnect, givable } from '../policy.ts'
import { isLoopback, redirectHost } from '../redirects.ts'
import { CHOSEN_SCOPES } from '../rules.ts'
import type { ConsentQuestion } from '../schema.ts'

const NAME = 'SELECT display FROM actor WHERE workspace_id = $1::uuid AND id = $2::uuid'

/**
 * What a client asks for, as a person reads it before deciding.
 * @returns a location where the client has to be told at once that it asked wrongly
 * @throws forbidden, unprocessable (nobody can be told, for the client cannot be trusted to be the one), unavailable
 */
export const lookAtConsent = operation('lookAtConsent', run)

async function run(
  actor: Actor,
  { query }: { query: string },
): Promise<ConsentQuestion | { location: string }> {
  assertMayConnect(actor)
  const read = await readAuthorization(query)
  if (read.kind === 'refused') throw appError('unprocessable', read.error.message)
  if (read.kind === 'answered') return { location: read.location }
  const { client, redirectUri, scopes } = read.request
  assertOfWorkspace(actor, client)
  const possible = givable(actor, client.scopes)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ display: string }>({
      name: 'oauth.name',
      text: NAME,
      values: [actor.workspaceId, actor.id],
    }),
  )
  const { id, name, uri, origin } = client
  return {
    client: { name, uri, origin, host: origin === 'document' ? new URL(id).host : null },
    redirect: { host: redirectHost(redirectUri), isLoopback: isLoopback(redirectUri) },
    scopes: client.scopes.map((scope) => {
      const isAsked = scopes.includes(scope)
      const isPossible = possible.includes(scope)
      return { scope, isAsked, isPossible, isChosen: isAsked && isPossible && !CHOSEN_SCOPES.includes(scope) }
    }),
    person: { id: actor.id, display: rows[0]?.display ?? '' },
  }
}

/** @throws unprocessable for a client that was made in another workspace */
export function assertOfWorkspace(actor: Actor, client: { workspaceId: string | null }): void {
  if (client.workspaceId === null || client.workspaceId === actor.workspaceId) return
  throw appError('unprocessable', 'There is no such client: it has to register again.')
}
