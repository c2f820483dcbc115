import type { Role, Scope } from '#lib/access/rules.ts'

/** The first role that has a scope. A test compares it with the table that the server asks. */
export const FIRST_ROLE: Readonly<Record<Scope, Role>> = {
  'prompts:read': 'viewer',
  'usage:read': 'viewer',
  'generations:read': 'viewer',
  'generations:run': 'editor',
  'prompts:write': 'editor',
  'prompts:propose': 'editor',
  'ai:read': 'editor',
  'prompts:release': 'publisher',
  'ai:write': 'admin',
  'audit:read': 'admin',
  'metrics:read': 'admin',
  'settings:write': 'admin',
  'members:write': 'admin',
}

/**
 * Why somebody may not do something; undefined: they may.
 * @param category slug of the category that it happens in, null: none; left out: it is about no prompt
 */
export function reasonAgainst(
  {
    role,
    scopes,
    categories,
  }: { role: Role; scopes: readonly Scope[]; categories: readonly string[] | null },
  scope: Scope,
  category?: string | null,
): string | undefined {
  if (!scopes.includes(scope)) return `This takes the role ${FIRST_ROLE[scope]} or above; yours is ${role}.`
  if (categories === null || category === undefined) return undefined
  if (category !== null && categories.includes(category)) return undefined
  return `You may change prompts in these categories alone: ${categories.join(', ')}.`
}
