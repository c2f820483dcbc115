import { ROLES, type Role, type Scope } from '#lib/access/rules.ts'

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  editor: 'Editor',
  publisher: 'Publisher',
  admin: 'Admin',
  owner: 'Owner',
}

/** What a role is for, in one line. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'Reads everything, changes nothing',
  editor: 'Writes prompts and runs them',
  publisher: 'Moves production, too',
  admin: 'Looks after members, keys and settings',
  owner: 'May do everything',
}

/** A line of the table of roles. */
interface Right {
  words: string
  /** The first role that has it. */
  from: Role
  scopes: readonly Scope[]
}

/** Who may what. A test compares it with the table that the server asks. */
export const RIGHTS: readonly Right[] = [
  { words: 'Read and render prompts', from: 'viewer', scopes: ['prompts:read'] },
  { words: 'See usage and generations', from: 'viewer', scopes: ['usage:read', 'generations:read'] },
  { words: 'Run prompts', from: 'editor', scopes: ['generations:run'] },
  {
    words: 'Write prompts, categories and tags; move labels that are not protected',
    from: 'editor',
    scopes: ['prompts:write'],
  },
  { words: 'Propose a version for a protected label', from: 'editor', scopes: ['prompts:propose'] },
  { words: 'See AI configurations', from: 'editor', scopes: ['ai:read'] },
  {
    words: 'Move protected labels; archive, restore and rename prompts that have one',
    from: 'publisher',
    scopes: ['prompts:release'],
  },
  { words: 'Change AI configurations', from: 'admin', scopes: ['ai:write'] },
  { words: 'Read the audit log and metrics', from: 'admin', scopes: ['audit:read', 'metrics:read'] },
  { words: 'Change settings and label rules', from: 'admin', scopes: ['settings:write'] },
  {
    words: 'Invite people and change members below admin; service keys, connected clients',
    from: 'admin',
    scopes: ['members:write'],
  },
  { words: 'Change admins and owners; redact; rotate secrets', from: 'owner', scopes: [] },
]

/** What a key or a client may do with a scope. */
export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  'prompts:read': 'Read and render prompts',
  'prompts:write': 'Write prompts, categories and tags; move labels that are not protected',
  'prompts:propose': 'Propose a version for a protected label',
  'prompts:release': 'Move protected labels, such as production; archive and restore',
  'generations:read': 'Read generations: what was asked and answered',
  'generations:run': 'Run prompts with a model',
  'ai:read': 'See AI configurations',
  'ai:write': 'Change AI configurations',
  'usage:read': 'See usage',
  'audit:read': 'Read the audit log',
  'metrics:read': 'Read metrics',
  'settings:write': 'Change settings',
  'members:write': 'Change members',
}

/** Whether a role has a right that begins with another. */
export function reaches(role: Role, from: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(from)
}

/** Why somebody may not do something; undefined: they may. */
export function reasonAgainst(
  {
    role,
    scopes,
    categories,
  }: { role: Role; scopes: readonly Scope[]; categories: readonly string[] | null },
  scope: Scope,
  category?: string | null,
): string | undefined {
  if (!scopes.includes(scope)) {
    const from = RIGHTS.find((right) => right.scopes.includes(scope))?.from ?? 'owner'
    return `This takes the role ${from} or above; yours is ${role}.`
  }
  if (categories === null || category === undefined) return undefined
  if (category !== null && categories.includes(category)) return undefined
  return `You may change prompts in these categories alone: ${categories.join(', ')}.`
}
