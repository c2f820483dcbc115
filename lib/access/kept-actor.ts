import { activeTrace } from '../telemetry/observe.ts'
import type { Actor, Credential, RequestContext } from './actor.ts'
import { currentRights } from './current-rights.ts'
import { may } from './rights.ts'
import type { Role, Scope } from './rules.ts'

/** The rights and the trace of the actor that asked for background work, as its row keeps them. Plain JSON. */
export interface KeptRights {
  role: Role
  scopes: Scope[]
  label: string | null
  categories?: string[] | null
  credential?: Credential
  trace?: string
}

/** The actor that asked for background work, as its row keeps it. */
export interface KeptActor {
  id: string
  kind: Actor['kind']
  surface: RequestContext['surface']
  requestId: string | null
  rights: KeptRights
}

/** The rights of an actor as a row keeps them. */
export function rightsToKeep(actor: Actor): KeptRights {
  const { role, scopes, label, categories, credential } = actor
  const trace = activeTrace() ?? actor.request.trace
  return {
    role,
    scopes: [...scopes],
    label,
    ...(categories !== null && { categories: [...categories] }),
    ...(credential.kind !== 'none' && { credential }),
    ...(trace !== undefined && { trace }),
  }
}

/** The actor as it asked, with the rights of then. */
export function restoreActor(workspaceId: string, kept: KeptActor): Actor {
  const { id, kind, surface, requestId, rights } = kept
  const { role, scopes, label, categories = null, credential = { kind: 'none' }, trace } = rights
  return {
    id,
    kind,
    workspaceId,
    role,
    scopes: new Set(scopes),
    label,
    categories: categories && new Set(categories),
    credential,
    request: { id: requestId ?? id, surface, trace, outcome: {} },
  }
}

/**
 * The actor as background work may act for it: with no right that it did not have when it asked, and none that
 * it has lost since.
 * @param scope what the work needs
 * @returns undefined when it may not do that any more
 * @throws unavailable
 */
export async function actorNow(
  workspaceId: string,
  kept: KeptActor,
  scope: Scope,
): Promise<Actor | undefined> {
  const then = restoreActor(workspaceId, kept)
  const now = await currentRights(then, { background: true })
  const isPinnedElsewhere = then.label !== null && now?.label !== null && then.label !== now?.label
  if (now === undefined || isPinnedElsewhere) return undefined
  const scopes = new Set([...then.scopes].filter((scope) => now.scopes.has(scope)))
  const actor = { ...now, scopes, label: then.label ?? now.label }
  return may(actor, scope) ? actor : undefined
}
