/** What one request brings along, apart from its input. The door fills it in; operations read it. */
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
  /** A revision that the answer must not be older than. */
  readonly revision?: number | undefined
  /** What the operation tells the door besides its result. */
  readonly outcome: RequestOutcome
}

export interface RequestOutcome {
  /** The workspace revision that a change was committed at. */
  revision?: number
  /** The answer is a stored one, replayed for its Idempotency-Key. */
  replayed?: boolean
}

export type Role = 'owner' | 'editor' | 'viewer'
export type Scope =
  | 'prompts:read'
  | 'prompts:write'
  | 'prompts:release'
  | 'generations:read'
  | 'generations:run'
  | 'ai:read'
  | 'ai:write'
  | 'usage:read'
  | 'audit:read'

/**
 * Who asks, in which workspace, with what rights. Every operation takes one first. Today it is the local
 * owner; a person, a key or an OAuth client differs only in the values.
 */
export interface Actor {
  readonly id: string
  readonly kind: 'person' | 'key' | 'client' | 'system'
  readonly workspaceId: string
  readonly role: Role
  readonly scopes: ReadonlySet<Scope>
  /** The only label this actor may read, when it is pinned to one. */
  readonly label: string | null
  readonly request: RequestContext
}

export const ALL_SCOPES: ReadonlySet<Scope> = new Set([
  'prompts:read',
  'prompts:write',
  'prompts:release',
  'generations:read',
  'generations:run',
  'ai:read',
  'ai:write',
  'usage:read',
  'audit:read',
])
