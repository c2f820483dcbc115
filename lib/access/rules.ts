/** Roles, the least first: each may do what those before it may. */
export const ROLES = ['viewer', 'editor', 'publisher', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** What somebody can be given a right to. */
export const SCOPES = [
  'prompts:read',
  'prompts:write',
  'prompts:propose',
  'prompts:release',
  'generations:read',
  'generations:run',
  'ai:read',
  'ai:write',
  'usage:read',
  'audit:read',
  'metrics:read',
  'settings:write',
  'members:write',
] as const
export type Scope = (typeof SCOPES)[number]
