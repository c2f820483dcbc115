import { appError } from '../errors.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { type Actor, ALL_SCOPES, type Identity } from './actor.ts'
import { ensureWorkspace, type LocalIdentity } from './ensure-workspace.ts'

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
