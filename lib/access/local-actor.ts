import { appError } from '../errors.ts'
import { newId } from '../id.ts'
import { getRuntime } from '../runtime.ts'
import { type Actor, ALL_SCOPES, type RequestContext } from './actor.ts'
import { ensureWorkspace, type LocalIdentity } from './ensure-workspace.ts'

interface IdentityHolder {
  identity: LocalIdentity | undefined
}

function holder(): IdentityHolder {
  return getRuntime().once('access.identity', () => ({ identity: undefined }))
}

/** Reads who the local owner is; boot calls it once, before anything is served. */
export async function loadLocalIdentity(): Promise<LocalIdentity> {
  const found = await ensureWorkspace(getRuntime().database.primary.pool)
  holder().identity = found
  return found
}

/**
 * The actor of a request while there are no accounts: everything on this machine acts as its owner.
 * @throws unavailable while the app has not yet reached its database
 */
export function localActor(request: RequestContext): Actor {
  const { identity } = holder()
  if (identity === undefined)
    throw appError('unavailable', 'The app is starting: the database has not been reached yet.', {
      retryAfter: 2,
    })
  return {
    id: identity.ownerId,
    kind: 'person',
    workspaceId: identity.workspaceId,
    role: 'owner',
    scopes: ALL_SCOPES,
    label: null,
    request,
  }
}

/** The app itself, for seeding and upkeep. */
export function systemActor(identity: LocalIdentity): Actor {
  return {
    id: identity.systemId,
    kind: 'system',
    workspaceId: identity.workspaceId,
    role: 'owner',
    scopes: ALL_SCOPES,
    label: null,
    request: { id: newId(), surface: 'rest', outcome: {} },
  }
}
