import type pg from 'pg'
import { getRuntime } from '../../runtime.ts'
import type { PersonExport } from '../schema.ts'

/** The actors of a person, of now and before: in one workspace, or in all of them. */
const OWN = `SELECT workspace_id, actor_id FROM member WHERE person_id = $1 AND (workspace_id = $2 OR $3)
  UNION SELECT workspace_id, actor_id FROM former_member WHERE person_id = $1 AND (workspace_id = $2 OR $3)`

/** A list as JSON. @param fields as json_build_object takes them @param order column of the time */
const list = (fields: string, from: string, order: string) =>
  `(SELECT coalesce(json_agg(json_build_object(${fields}) ORDER BY ${order}), '[]') FROM ${from})`

const PERSON = `json_build_object('id', p.id, 'email', p.email, 'email_verified', p.email_verified, 'name', p.name,
  'second_factor', p.two_factor_enabled, 'created_at', p.created_at, 'updated_at', p.updated_at)`
const LOGINS = list(
  `'provider', l.provider_id, 'created_at', l.created_at, 'updated_at', l.updated_at`,
  'person_login l WHERE l.person_id = p.id',
  'l.created_at',
)
const APPS = list(
  `'created_at', f.created_at, 'confirmed_at', f.confirmed_at, 'recovery_codes_left', cardinality(f.recovery_hashes)`,
  'person_second_factor f WHERE f.person_id = p.id',
  'f.created_at',
)
const PASSKEYS = list(
  `'name', k.name, 'created_at', k.created_at, 'last_used_at', k.last_used_at`,
  'person_passkey k WHERE k.person_id = p.id',
  'k.created_at',
)
const SESSIONS = list(
  `'created_at', s.created_at, 'signed_in_at', s.signed_in_at, 'seen_at', s.seen_at, 'expires_at', s.expires_at,
    'address', s.ip_address, 'user_agent', s.user_agent, 'second_factor', s.second_factor`,
  'person_session s WHERE s.person_id = p.id',
  's.created_at',
)
const MEMBERSHIPS = list(
  `'workspace', w.slug, 'actor_id', m.actor_id, 'role', m.role, 'since', m.created_at, 'deactivated_at', m.deactivated_at`,
  'member m JOIN workspace w ON w.id = m.workspace_id WHERE m.person_id = p.id AND (m.workspace_id = $2 OR $3)',
  'm.created_at',
)
const FORMER = list(
  `'workspace', w.slug, 'actor_id', f.actor_id, 'removed_at', f.removed_at`,
  'former_member f JOIN workspace w ON w.id = f.workspace_id WHERE f.person_id = p.id AND (f.workspace_id = $2 OR $3)',
  'f.removed_at',
)
const INVITATIONS = list(
  `'workspace', w.slug, 'role', i.role, 'created_at', i.created_at, 'expires_at', i.expires_at, 'ended_at', i.ended_at`,
  'invitation i JOIN workspace w ON w.id = i.workspace_id WHERE i.email = p.email AND (i.workspace_id = $2 OR $3)',
  'i.created_at',
)
const KEYS = list(
  `'id', k.id, 'name', k.name, 'prefix', k.prefix, 'scopes', k.scopes, 'label', k.label, 'created_at', k.created_at,
    'expires_at', k.expires_at, 'last_used_at', k.last_used_at`,
  'api_key k WHERE (k.workspace_id, k.person_actor_id) IN (SELECT workspace_id, actor_id FROM own)',
  'k.created_at',
)
const CLIENTS = list(
  `'client_id', g.client_id, 'name', g.client_name, 'scopes', g.scopes, 'created_at', g.created_at,
    'last_used_at', g.last_used_at, 'expires_at', g.expires_at`,
  'oauth_grant g WHERE (g.workspace_id, g.person_actor_id) IN (SELECT workspace_id, actor_id FROM own)',
  'g.created_at',
)
/** The newest of each of one's actors. */
const OUTCOMES = list(
  `'prompt', t.name, 'version', n.version_number, 'outcome', n.outcome, 'score', n.score::float8, 'note', n.note,
    'metadata', n.metadata, 'reported_at', n.reported_at, 'replaced_at', n.replaced_at`,
  `own o CROSS JOIN LATERAL (SELECT * FROM outcome r WHERE r.workspace_id = o.workspace_id
      AND r.reported_by = o.actor_id ORDER BY r.reported_at DESC, r.id DESC LIMIT $4) n
    JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id`,
  'n.reported_at DESC',
)

const ACCOUNT = `WITH own AS (${OWN}) SELECT json_build_object('person', ${PERSON}, 'sign_in', ${LOGINS},
    'authenticator_apps', ${APPS}, 'passkeys', ${PASSKEYS}, 'sessions', ${SESSIONS}, 'memberships', ${MEMBERSHIPS},
    'former_memberships', ${FORMER}, 'invitations', ${INVITATIONS}, 'keys', ${KEYS}, 'clients', ${CLIENTS},
    'outcomes', ${OUTCOMES}
  ) AS account FROM person p WHERE p.id = $1`

/** The newest events of each of one's actors. @param role what the actor is in them @param column where it stands */
const events = (role: string, column: string, more = '') => `SELECT e.*, '${role}' AS role
  FROM own o CROSS JOIN LATERAL (SELECT * FROM audit_event e
    WHERE e.workspace_id = o.workspace_id AND e.${column} = o.actor_id ${more}
    ORDER BY e.occurred_at DESC, e.id DESC LIMIT $4) e`

/** What the person did, what its keys and clients did, and what others did to its membership: those without addresses. */
const ACTIVITY = `WITH own AS (${OWN}), found AS (
    ${events('actor', 'actor_id')} UNION ALL ${events('on_behalf', 'on_behalf_of')}
    UNION ALL ${events('target', 'target_id', `AND e.target_kind = 'actor' AND e.actor_id <> o.actor_id`)}
  ), newest AS (SELECT * FROM found ORDER BY occurred_at DESC, id DESC LIMIT $4)
  SELECT coalesce(json_agg(json_build_object('occurred_at', n.occurred_at, 'as', n.role, 'action', n.action, 'target',
    json_build_object('kind', n.target_kind, 'id', n.target_id, 'name', coalesce(a.display, n.target_name)),
    'key', n.key_id, 'client', n.client_id, 'before', n.before, 'after', n.after,
    'address', CASE WHEN n.role <> 'target' THEN n.address END, 'surface', n.surface)
    ORDER BY n.occurred_at DESC, n.id DESC), '[]') AS activity
  FROM newest n LEFT JOIN actor a
    ON n.target_kind = 'actor' AND a.workspace_id = n.workspace_id AND a.id = n.target_id`

/**
 * Everything that is kept of a person.
 * @param of everywhere: what it is and has in other workspaces as well, for the person itself
 */
export async function readExport(
  pool: pg.Pool,
  of: { personId: string; workspaceId: string; everywhere: boolean },
): Promise<PersonExport | undefined> {
  const { personId, workspaceId, everywhere } = of
  const most = getRuntime().config.limits.export_events
  const values = [personId, workspaceId, everywhere]
  const accounts = await pool.query<{ account: PersonExport }>(ACCOUNT, [...values, most])
  const account = accounts.rows[0]?.account
  if (account === undefined) return undefined
  const { rows } = await pool.query<{ activity: PersonExport['activity'] }>(ACTIVITY, [...values, most + 1])
  const activity = rows[0]?.activity ?? []
  return {
    ...account,
    exported_at: new Date().toISOString(),
    activity: activity.slice(0, most),
    // The newest are there; the rest is in the audit log.
    activity_is_cut: activity.length > most,
  }
}
