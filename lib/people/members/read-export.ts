import type pg from 'pg'
import { getRuntime } from '../../runtime.ts'
import type { PersonExport } from '../schema.ts'

/** The actors of a person in a workspace, of now and before. */
const OWN = `SELECT actor_id FROM member WHERE workspace_id = $2 AND person_id = $1
  UNION SELECT actor_id FROM former_member WHERE workspace_id = $2 AND person_id = $1`

const ACCOUNT = `WITH own AS (${OWN}) SELECT json_build_object(
    'person', json_build_object('id', p.id, 'email', p.email, 'email_verified', p.email_verified, 'name', p.name,
      'second_factor', p.two_factor_enabled, 'created_at', p.created_at, 'updated_at', p.updated_at),
    'sign_in', (SELECT coalesce(json_agg(json_build_object('provider', l.provider_id, 'created_at', l.created_at,
      'updated_at', l.updated_at) ORDER BY l.created_at), '[]') FROM person_login l WHERE l.person_id = p.id),
    'passkeys', (SELECT coalesce(json_agg(json_build_object('name', k.name, 'created_at', k.created_at,
      'last_used_at', k.last_used_at) ORDER BY k.created_at), '[]') FROM person_passkey k WHERE k.person_id = p.id),
    'sessions', (SELECT coalesce(json_agg(json_build_object('created_at', s.created_at, 'seen_at', s.seen_at,
      'address', s.ip_address, 'user_agent', s.user_agent) ORDER BY s.created_at), '[]')
      FROM person_session s WHERE s.person_id = p.id),
    'memberships', (SELECT coalesce(json_agg(json_build_object('workspace', w.slug, 'actor_id', m.actor_id,
      'role', m.role, 'since', m.created_at, 'deactivated_at', m.deactivated_at) ORDER BY m.created_at), '[]')
      FROM member m JOIN workspace w ON w.id = m.workspace_id
      WHERE m.person_id = p.id AND (m.workspace_id = $2 OR $3)),
    'former_memberships', (SELECT coalesce(json_agg(json_build_object('workspace', w.slug, 'actor_id', f.actor_id,
      'removed_at', f.removed_at) ORDER BY f.removed_at), '[]')
      FROM former_member f JOIN workspace w ON w.id = f.workspace_id
      WHERE f.person_id = p.id AND (f.workspace_id = $2 OR $3)),
    'keys', (SELECT coalesce(json_agg(json_build_object('name', k.name, 'scopes', k.scopes, 'created_at', k.created_at,
      'expires_at', k.expires_at, 'last_used_at', k.last_used_at)
      ORDER BY k.created_at), '[]') FROM api_key k
      WHERE k.workspace_id = $2 AND k.person_actor_id IN (SELECT actor_id FROM own)),
    'clients', (SELECT coalesce(json_agg(json_build_object('name', g.client_name, 'scopes', g.scopes,
      'created_at', g.created_at, 'last_used_at', g.last_used_at) ORDER BY g.created_at), '[]') FROM oauth_grant g
      WHERE g.workspace_id = $2 AND g.person_actor_id IN (SELECT actor_id FROM own))
  ) AS account FROM person p WHERE p.id = $1`

const ACTIVITY = `WITH own AS (${OWN}), found AS (
    SELECT e.id, e.occurred_at, e.action, e.target_kind, e.target_id, e.target_name, e.address FROM audit_event e
    WHERE e.workspace_id = $2 AND e.actor_id IN (SELECT actor_id FROM own)
    ORDER BY e.occurred_at DESC, e.id DESC LIMIT $3
  )
  SELECT coalesce(json_agg(json_build_object('occurred_at', occurred_at, 'action', action, 'target',
    json_build_object('kind', target_kind, 'id', target_id, 'name', target_name), 'address', address)
    ORDER BY occurred_at DESC, id DESC), '[]') AS activity FROM found`

/**
 * Everything that is kept of a person.
 * @param of everywhere: its memberships of other workspaces as well, for the person itself
 */
export async function readExport(
  pool: pg.Pool,
  of: { personId: string; workspaceId: string; everywhere: boolean },
): Promise<PersonExport | undefined> {
  const { personId, workspaceId, everywhere } = of
  const most = getRuntime().config.limits.export_events
  const accounts = await pool.query<{ account: Pick<PersonExport, 'person'> }>(ACCOUNT, [
    personId,
    workspaceId,
    everywhere,
  ])
  const account = accounts.rows[0]?.account
  if (account === undefined) return undefined
  const { rows } = await pool.query<{ activity: object[] }>(ACTIVITY, [personId, workspaceId, most + 1])
  const activity = rows[0]?.activity ?? []
  return {
    exported_at: new Date().toISOString(),
    ...account,
    activity: activity.slice(0, most),
    // The newest are there; the rest is in the audit log.
    activity_is_cut: activity.length > most,
  }
}
