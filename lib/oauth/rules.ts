import type { Scope } from '../access/rules.ts'

/** The scopes that a client can be given: those of what MCP offers. */
export const CLIENT_SCOPES = [
  'prompts:read',
  'prompts:write',
  'prompts:release',
  'generations:read',
  'generations:run',
] as const satisfies readonly Scope[]
export type ClientScope = (typeof CLIENT_SCOPES)[number]

/** What a client asks for that names no scope. */
export const USUAL_SCOPES: readonly ClientScope[] = ['prompts:read']

/** A client gets these only from a person who chose them: who asks for them is not enough. */
export const CHOSEN_SCOPES: readonly ClientScope[] = ['prompts:release']

/** Whether a text names a scope that clients can be given. */
export function isClientScope(text: string): text is ClientScope {
  return CLIENT_SCOPES.some((scope) => scope === text)
}

export const CLIENT_NAME_LENGTH = 100
export const REDIRECT_URIS_MAX = 20
export const REDIRECT_URI_LENGTH = 2000
