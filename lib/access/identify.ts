import type pg from 'pg'
import { appError } from '../errors.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { type Actor, ALL_SCOPES, type Identity, UNBOUND } from './actor.ts'
import { type CredentialKind, credentialResolver } from './credentials.ts'
import { type Credentials, NOT_VALID, readCredential, type Takes } from './read-credential.ts'
import { assertUsable } from './rights.ts'
import { accessState, knownAccessState, notSetUp, refreshAccessState } from './state.ts'

/** The workspace that exists until there are accounts, and who acts in it. */
export interface LocalIdentity {
  workspaceId: string
  ownerId: string
  systemId: string
}

/** Creates the default workspace and its two actors unless they exist, and returns their ids. */
export async function ensureWorkspace(pool: pg.Pool): Promise<LocalIdentity> {
  await pool.query(`INSERT INTO workspace (id, slug) VALUES ($1, 'default') ON CONFLICT (slug) DO NOTHING`, [
    newId(),
  ])
  await pool.query(
    `INSERT INTO actor (id, workspace_id, kind, display, builtin)
     SELECT new.id::uuid, workspace.id, new.kind, new.display, new.builtin
     FROM workspace, (VALUES ($1, 'person', 'Local owner', 'local_owner'), ($2, 'system', 'Incipit', 'system'))
       AS new (id, kind, display, builtin)
     WHERE workspace.slug = 'default' ON CONFLICT (workspace_id, builtin) DO NOTHING`,
    [newId(), newId()],
  )
  const { rows } = await pool.query<{ workspace_id: string; owner_id: string; system_id: string }>(
    `SELECT workspace.id AS workspace_id, owner.id AS owner_id, robot.id AS system_id
     FROM workspace
     JOIN actor owner ON owner.workspace_id = workspace.id AND owner.builtin = 'local_owner'
     JOIN actor robot ON robot.workspace_id = workspace.id AND robot.builtin = 'system'
     WHERE workspace.slug = 'default'`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('The default workspace could not be made.')
  return { workspaceId: row.workspace_id, ownerId: row.owner_id, systemId: row.system_id }
}

function holder(): { owner: Identity | undefined } {
  return getRuntime().once('access.identity', () => ({ owner: undefined }))
}

/** Loads the local owner and the state of access; boot calls it once, before anything is served. */
export async function loadLocalIdentity(): Promise<LocalIdentity> {
  const found = await ensureWorkspace(getRuntime().database.primary.pool)
  holder().owner = localOwner(found)
  await refreshAccessState()
  return found
}

/** Whoever reads what is open to everybody. It has no rights. */
export const NOBODY: Identity = {
  id: '',
  kind: 'system',
  workspaceId: '',
  role: 'viewer',
  scopes: new Set(),
  ...UNBOUND,
}

/** The person at this machine. It has every right while there are no accounts. */
export function localOwner({ ownerId, workspaceId }: LocalIdentity): Identity {
  return { id: ownerId, kind: 'person', workspaceId, role: 'owner', scopes: ALL_SCOPES, ...UNBOUND }
}

export const REST_TAKES: Takes = { session: true, key: true, basic: true, token: false }
export const MCP_TAKES: Takes = { session: false, key: true, basic: false, token: true }
export const PAGES_TAKE: Takes = { session: true, key: false, basic: false, token: false }

/**
 * The identity of the requester. While there are no accounts, everything on this machine acts as its owner. It returns
 * an identity or throws: it fails closed.
 * @throws unauthenticated, invalid_input (two credentials), forbidden (its person must set up a second factor),
 *   unavailable, overloaded, rate_limited
 */
export async function identify(credentials: Credentials, takes: Takes): Promise<Identity> {
  const state = knownAccessState() ?? (await accessState())
  if (state === 'local' || state === 'open') return localOwnerNow()
  if (state === 'set_up') throw notSetUp()
  const { kind, secret } = readCredential(credentials, takes)
  const found = credentialResolver(kind)?.identify(secret, credentials.address)
  return recognized(found instanceof Promise ? await found : found, kind)
}

function recognized(identity: Identity | undefined, kind: CredentialKind): Identity {
  if (identity === undefined)
    throw appError('unauthenticated', NOT_VALID[kind], { extra: { credential: kind } })
  assertUsable(identity)
  return identity
}

function localOwnerNow(): Identity {
  const { owner } = holder()
  if (owner === undefined)
    throw appError('unavailable', 'The app is starting: the database has not been reached yet.', {
      retryAfter: 2,
    })
  return owner
}

/** The app itself, for seeding and upkeep. */
export function systemActor({ systemId, workspaceId }: Omit<LocalIdentity, 'ownerId'>): Actor {
  const self = { id: systemId, kind: 'system', workspaceId, role: 'owner', ...UNBOUND } as const
  return { ...self, scopes: ALL_SCOPES, request: { id: newId(), surface: 'rest', outcome: {} } }
}

/** The app itself in any workspace, where it may never have acted before. */
export function systemActorIn(workspaceId: string): Promise<Actor> {
  return builtinActorIn(workspaceId, 'system', 'Incipit')
}

/** Who works at the command line of the server, in any workspace. */
export function operatorActorIn(workspaceId: string): Promise<Actor> {
  return builtinActorIn(workspaceId, 'operator', 'Operator')
}

async function builtinActorIn(
  workspaceId: string,
  builtin: 'system' | 'operator',
  display: string,
): Promise<Actor> {
  const { pool } = getRuntime().database.primary
  await pool.query(
    `INSERT INTO actor (id, workspace_id, kind, display, builtin) VALUES ($1, $2, 'system', $3, $4)
     ON CONFLICT (workspace_id, builtin) DO NOTHING`,
    [newId(), workspaceId, display, builtin],
  )
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM actor WHERE workspace_id = $1 AND builtin = $2',
    [workspaceId, builtin],
  )
  return systemActor({ workspaceId, systemId: rows[0]?.id ?? '' })
}
