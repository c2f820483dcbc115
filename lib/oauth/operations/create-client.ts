import type { Actor } from '../../access/actor.ts'
import { RIGHTS_KIND } from '../../access/current-rights.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { resourceAddress } from '../addresses.ts'
import { assertMayMake, assertWithinOwnRights } from '../policy.ts'
import { redirectFault } from '../redirects.ts'
import { CLIENT_SCOPES, type ClientScope } from '../rules.ts'
import type { CreateClientInput, NewClient } from '../schema.ts'
import { hashOf, newSecret } from '../secrets.ts'

/**
 * Makes a client, of a service with the secret that is answered this once. It may do no more than whoever makes it.
 * @throws forbidden, unprocessable (redirect addresses), unavailable
 */
export const createClient = operation('createClient', run)

async function run(actor: Actor, input: CreateClientInput): Promise<NewClient> {
  assertMayMake(actor)
  const { name, kind } = input
  const scopes = CLIENT_SCOPES.filter((scope) => input.scopes.includes(scope))
  assertWithinOwnRights(actor, scopes)
  const redirectUris = redirectsOf(input)
  const id = newId()
  const secret = kind === 'service' ? newSecret('client') : undefined
  const hash = secret === undefined ? null : hashOf(secret)
  await change(actor, async ({ tx, record }) => {
    await tx.$executeRaw`INSERT INTO oauth_client
        (id, workspace_id, kind, name, redirect_uris, scopes, secret_hash, created_by)
      VALUES (${id}::uuid, ${actor.workspaceId}::uuid, ${kind}, ${name}, ${redirectUris}::text[], ${scopes}::text[],
        ${hash}, ${actor.id}::uuid)`
    if (kind === 'service') await writeServiceGrant(tx, actor, { id, name, scopes })
    record({
      action: 'client.create',
      target: { kind: RIGHTS_KIND, id, name },
      after: { kind, redirect_uris: redirectUris, scopes },
    })
  })
  return { client_id: id, ...(secret !== undefined && { client_secret: secret }) }
}

/** @throws unprocessable */
function redirectsOf({ kind, redirect_uris: uris = [] }: CreateClientInput): string[] {
  if (kind === 'service' && uris.length > 0) throw unfit('A service takes no code: leave redirect_uris out')
  if (kind === 'public' && uris.length === 0)
    throw unfit('A public client needs an address that takes its code')
  for (const [at, uri] of uris.entries()) {
    const fault = redirectFault(uri)
    if (fault !== undefined) throw unfit(`This address ${fault}`, at)
  }
  return [...new Set(uris)]
}

function unfit(message: string, at?: number): Error {
  const path = at === undefined ? ['redirect_uris'] : ['redirect_uris', at]
  return appError('unprocessable', `${message}.`, {
    details: [{ path, code: 'invalid_redirect_uri', message }],
  })
}

interface Service {
  id: string
  name: string
  scopes: ClientScope[]
}

/** A service acts by an actor, and has its one grant, whose ids are the client's. */
async function writeServiceGrant(
  tx: Tx,
  { workspaceId }: Actor,
  { id, name, scopes }: Service,
): Promise<void> {
  await tx.$executeRaw`INSERT INTO actor (id, workspace_id, kind, display)
    VALUES (${id}::uuid, ${workspaceId}::uuid, 'client', ${name})`
  await tx.$executeRaw`INSERT INTO oauth_grant
      (id, workspace_id, actor_id, client_id, client_name, origin, scopes, resource)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${id}::uuid, ${id}, ${name}, 'configured', ${scopes}::text[],
      ${resourceAddress()})`
}
