import { type Role, SCOPES, type Scope } from './rules.ts'

/** The context of one request, apart from its input. The door fills it in; operations read it. */
export interface RequestContext {
  /** In every answer, log line and audit row. */
  readonly id: string
  /** Where it came from, for usage: an agent, an integrator or our own pages. */
  readonly surface: 'mcp' | 'rest' | 'browser'
  readonly client?: { readonly name: string; readonly version?: string | undefined } | undefined
  /** Network address of the caller; a proxy's, where there is one. */
  readonly address?: string | undefined
  /** Set when the caller sent an Idempotency-Key on a request that creates. */
  readonly idempotency?:
    | { readonly route: string; readonly key: string; readonly bodyHash: string }
    | undefined
  /** The trace of the request, as a W3C `traceparent`: calls that it causes carry it on. */
  readonly trace?: string | undefined
  /** A revision that the answer must not be older than. */
  readonly revision?: number | undefined
  /** Facts that the operation reports to the door besides its result. */
  readonly outcome: RequestOutcome
}

export interface RequestOutcome {
  /** The workspace revision that a change was committed at. */
  revision?: number
  /** The answer is a stored one, replayed for its Idempotency-Key. */
  replayed?: boolean
}

export const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES)

/** The requester, its workspace and its rights: a person, a key, an OAuth client, or the app itself. */
export interface Identity {
  readonly id: string
  readonly kind: 'person' | 'key' | 'client' | 'system'
  readonly workspaceId: string
  readonly role: Role
  readonly scopes: ReadonlySet<Scope>
  /** The only label this actor may read, when it is pinned to one. */
  readonly label: string | null
  /** Ids of the categories in which it may write and release; null: in all. Reading is never narrowed. */
  readonly categories: ReadonlySet<string> | null
  readonly credential: Credential
  /** What it has to do before it has any right: its role must have a second factor. */
  readonly must?: 'second_factor' | undefined
}

/** The proof of an identity. */
export type Credential =
  /** The local owner, or the app itself. */
  | { readonly kind: 'none' }
  /**
   * A person who signed in. In milliseconds since 1970: `freshUntil`, until then the proof counts as new; `expiresAt`,
   * then the session ends, unless it is used before and was idle alone.
   */
  | {
      readonly kind: 'session'
      readonly id: string
      readonly personId: string
      readonly freshUntil: number
      readonly expiresAt?: number | undefined
    }
  /** `personActorId`: whose rights narrow it; null for a service. `expiresAt`: in milliseconds since 1970. */
  | {
      readonly kind: 'key'
      readonly id: string
      readonly personActorId: string | null
      readonly expiresAt?: number | undefined
    }
  | {
      readonly kind: 'token'
      readonly id: string
      readonly clientId: string
      readonly personActorId: string | null
      readonly expiresAt?: number | undefined
    }

/** What nothing narrows, and nobody had to prove. */
export const UNBOUND = { label: null, categories: null, credential: { kind: 'none' } } as const

/** An identity and the request that it makes. Every operation takes one first. */
export interface Actor extends Identity {
  readonly request: RequestContext
}

/** Joins an identity with the context of its request. */
export function actorOf(identity: Identity, request: RequestContext): Actor {
  const { id, kind, workspaceId, role, scopes, label, categories, credential, must } = identity
  return { id, kind, workspaceId, role, scopes, label, categories, credential, must, request }
}
