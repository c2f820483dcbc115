import type { Actor, RequestContext } from '../access/actor.ts'
import { RIGHTS_KIND } from '../access/current-rights.ts'
import type { ChangeContext } from '../db/change.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { resourceAddress } from './addresses.ts'
import type { AuthorizationRequest } from './authorization.ts'
import { redirectHost } from './redirects.ts'
import type { ClientScope } from './rules.ts'

const DAY_MS = 86_400_000

/** A grant as a change finds it. */
export interface Grant {
  readonly id: string
  readonly workspaceId: string
  readonly actorId: string
  readonly clientId: string
  readonly clientName: string
  readonly personActorId: string | null
  readonly scopes: ClientScope[]
}

/** Columns of a grant `g`. */
export const GRANT = `g.id, g.workspace_id AS "workspaceId", g.actor_id AS "actorId", g.client_id AS "clientId",
  g.client_name AS "clientName", g.person_actor_id AS "personActorId", g.scopes`

/** When a grant ends unless it is used before. */
export function idleEnd(): Date {
  return new Date(Date.now() + getRuntime().config.security.oauth_refresh_days * DAY_MS)
}

/** Writes what a person allows a client. A client that registered itself is one program: it has no other grant then. */
export async function writeGrant(
  { tx, record }: ChangeContext,
  person: Actor,
  { client, redirectUri }: AuthorizationRequest,
  scopes: readonly ClientScope[],
): Promise<string> {
  const { workspaceId } = person
  const id = newId()
  const actorId = await clientActor(tx, person, client)
  if (client.origin === 'registration') {
    await tx.$executeRaw`DELETE FROM oauth_grant WHERE workspace_id = ${workspaceId}::uuid
      AND client_id = ${client.id} AND person_actor_id = ${person.id}::uuid`
    await tx.$executeRaw`UPDATE oauth_registration SET used_at = now() WHERE id = ${client.id}::uuid`
  }
  const hosts = [redirectHost(redirectUri)]
  await tx.$executeRaw`INSERT INTO oauth_grant (id, workspace_id, actor_id, client_id, client_name, client_uri, origin,
      redirect_hosts, person_actor_id, scopes, resource, expires_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${actorId}::uuid, ${client.id}, ${client.name}, ${client.uri},
      ${client.origin}, ${hosts}::text[], ${person.id}::uuid, ${scopes}::text[], ${resourceAddress()}, ${idleEnd()})`
  record({
    action: 'client.connect',
    target: { kind: RIGHTS_KIND, id: actorId, name: client.name },
    after: { grant: id, client_id: client.id, origin: client.origin, redirect_hosts: hosts, scopes },
  })
  return id
}

/** The actor by which a client acts for a person. */
async function clientActor(
  tx: Tx,
  { workspaceId, id: personId }: Actor,
  client: { id: string; name: string },
): Promise<string> {
  const [known] = await tx.$queryRaw<{ id: string }[]>`
    SELECT actor_id AS id FROM oauth_actor WHERE workspace_id = ${workspaceId}::uuid
      AND client_id = ${client.id} AND person_actor_id = ${personId}::uuid`
  const id = known?.id ?? newId()
  await tx.$executeRaw`INSERT INTO actor (id, workspace_id, kind, display)
    VALUES (${id}::uuid, ${workspaceId}::uuid, 'client', ${client.name})
    ON CONFLICT (id) DO UPDATE SET display = excluded.display WHERE actor.workspace_id = ${workspaceId}::uuid`
  await tx.$executeRaw`INSERT INTO oauth_actor (workspace_id, client_id, person_actor_id, actor_id)
    VALUES (${workspaceId}::uuid, ${client.id}, ${personId}::uuid, ${id}::uuid) ON CONFLICT DO NOTHING`
  return id
}

/** Ends a grant with all its tokens, on every instance. @param reason why, where nobody asked for it */
export async function endGrant({ tx, record }: ChangeContext, grant: Grant, reason?: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM oauth_grant
    WHERE workspace_id = ${grant.workspaceId}::uuid AND id = ${grant.id}::uuid`
  record({
    action: 'client.revoke',
    target: { kind: RIGHTS_KIND, id: grant.actorId, name: grant.clientName },
    before: { grant: grant.id, client_id: grant.clientId, scopes: grant.scopes },
    ...(reason !== undefined && { after: { reason } }),
  })
}

/** A client as the actor of a change to its own grant: it needs no right for that. */
export function actorOfGrant(grant: Grant, request: RequestContext): Actor {
  const { id, workspaceId, actorId, clientId, personActorId } = grant
  const credential = { kind: 'token', id, clientId, personActorId } as const
  const rights = { role: 'viewer', scopes: new Set<never>(), label: null, categories: null } as const
  return { id: actorId, kind: 'client', workspaceId, ...rights, credential, request }
}
