import type pg from 'pg'
import { appError } from '../errors.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { type Actor, ALL_SCOPES, type Identity } from './actor.ts'

/** The workspace that exists until there are accounts, and who acts in it. */
export interface LocalIdentity {
  workspaceId: string
  ownerId: string
  systemId: string
}

/** Makes the default workspace and its two actors unless they exist, and tells their ids. */
export async function ensureWorkspace(pool: pg.Pool): Promise<LocalIdentity> {
  await pool.query(`INSERT INTO workspace (id, slug) VALUES ($1, 'default') ON CONFLICT (slug) DO NOTHING`, [
    newId(),
  ])
  await pool.query(
    `INSERT INTO actor (id, workspace_id, kind, display)
     SELECT new.id::uuid, workspace.id, new.kind, new.display
     FROM workspace, (VALUES ($1, 'person', 'Local owner'), ($2, 'system', 'Incipit')) AS new (id, kind, display)
     WHERE workspace.slug = 'default' ON CONFLICT (workspace_id, kind, display) DO NOTHING`,
    [newId(), newId()],
  )
  const { rows } = await pool.query<{ workspace_id: string; owner_id: string; system_id: string }>(
    `SELECT workspace.id AS workspace_id, owner.id AS owner_id, robot.id AS system_id
     FROM workspace
     JOIN actor owner ON owner.workspace_id = workspace.id AND owner.kind = 'person' AND owner.display = 'Local owner'
     JOIN actor robot ON robot.workspace_id = workspace.id AND robot.kind = 'system' AND robot.display = 'Incipit'
     WHERE workspace.slug = 'default'`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('The default workspace could not be made.')
  return { workspaceId: row.workspace_id, ownerId: row.owner_id, systemId: row.system_id }
}

function holder(): { owner: Identity | undefined } {
  return getRuntime().once('access.identity', () => ({ owner: undefined }))
}

/** Reads who the local owner is; boot calls it once, before anything is served. */
export async function loadLocalIdentity(): Promise<LocalIdentity> {
  const found = await ensureWorkspace(getRuntime().database.primary.pool)
  holder().owner = localOwner(found)
  return found
}

/** The person at this machine, who may do everything while there are no accounts. */
export function localOwner({ ownerId, workspaceId }: LocalIdentity): Identity {
  return { id: ownerId, kind: 'person', workspaceId, role: 'owner', scopes: ALL_SCOPES, label: null }
}

/**
 * Tells who sends a request. While there are no accounts, everything on this machine acts as its owner.
 * It answers an identity or throws: nobody passes because the question could not be answered.
 * @throws unavailable while the app has not yet reached its database
 */
export async function identify(): Promise<Identity> {
  const { owner } = holder()
  if (owner === undefined)
    throw appError('unavailable', 'The app is starting: the database has not been reached yet.', {
      retryAfter: 2,
    })
  return owner
}

/** The app itself, for seeding and upkeep. */
export function systemActor(identity: LocalIdentity): Actor {
  const { systemId, workspaceId } = identity
  const self = { id: systemId, kind: 'system', workspaceId, role: 'owner', label: null } as const
  return { ...self, scopes: ALL_SCOPES, request: { id: newId(), surface: 'rest', outcome: {} } }
}
