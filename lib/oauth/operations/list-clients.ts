import type { Actor } from '../../access/actor.ts'
import { newestPage, type Position } from '../../cursor.ts'
import { isoTime } from '../../db/columns.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayConnect, mayManage } from '../policy.ts'
import type { ClientPage, ConnectedClient, ListClientsQuery } from '../schema.ts'

const SCOPE = { list: 'clients', filters: {} }
const timeOf = ({ created_at }: ConnectedClient) => created_at

/** Grants that have not ended. $1 is the workspace. */
const GRANTS = `SELECT g.id, g.client_id, g.client_name AS name, g.client_uri AS uri, g.redirect_hosts, g.origin,
    g.person_actor_id, g.scopes, g.created_at, g.last_used_at, g.expires_at FROM oauth_grant g
  WHERE g.workspace_id = $1::uuid AND (g.expires_at IS NULL OR g.expires_at > now())`

/** Clients that an admin made, for people to connect. */
const MADE = `SELECT c.id, c.id::text, c.name, NULL, '{}'::text[], 'configured', NULL::uuid, c.scopes, c.created_at,
    NULL::timestamptz, NULL::timestamptz FROM oauth_client c WHERE c.workspace_id = $1::uuid AND c.kind = 'public'`

/**
 * A page of clients, the newest first: those that act for the person; who manages members sees all.
 * @throws forbidden, invalid_input (cursor, limit), unavailable
 */
export const listClients = operation('listClients', run)

async function run(actor: Actor, input: ListClientsQuery): Promise<ClientPage> {
  assertMayConnect(actor)
  return newestPage(SCOPE, input, timeOf, async (after, most) => {
    const { rows } = await onPrimary(({ pool }) => pool.query<ConnectedClient>(statement(actor, after, most)))
    return rows
  })
}

function statement(actor: Actor, after: Position | undefined, most: number) {
  const values: unknown[] = [actor.workspaceId]
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const seen = mayManage(actor)
    ? `${GRANTS} UNION ALL ${MADE}`
    : `${GRANTS} AND g.person_actor_id = ${bind(actor.id, 'uuid')}`
  const where =
    after === undefined
      ? ''
      : `WHERE (s.created_at, s.id) < (${bind(after[0], 'timestamptz')}, ${bind(after[1], 'uuid')})`
  const text = `SELECT s.id, s.client_id, s.name, s.uri, s.redirect_hosts, s.origin,
      (SELECT json_build_object('id', a.id, 'display', a.display) FROM actor a
        WHERE a.workspace_id = $1::uuid AND a.id = s.person_actor_id) AS person,
      s.scopes, ${isoTime('s.created_at')} AS created_at, ${isoTime('s.last_used_at')} AS last_used_at,
      ${isoTime('s.expires_at')} AS expires_at
    FROM (${seen}) s ${where} ORDER BY s.created_at DESC, s.id DESC LIMIT ${bind(most, 'integer')}`
  return { text, values }
}
