import { ROLES, type Role, type Scope } from '#lib/access/rules.ts'
import { FIRST_ROLE } from './reason.ts'

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

/** Who may what: the lines of the table of roles, each with the first role that has it. */
export const RIGHTS: readonly { words: string; from: Role }[] = [
  { words: 'Read and render prompts', from: FIRST_ROLE['prompts:read'] },
  { words: 'See usage and generations', from: FIRST_ROLE['generations:read'] },
  { words: 'Run prompts', from: FIRST_ROLE['generations:run'] },
  {
    words: 'Write prompts, categories and tags; move labels that are not protected',
    from: FIRST_ROLE['prompts:write'],
  },
  { words: 'Propose a version for a protected label', from: FIRST_ROLE['prompts:propose'] },
  { words: 'See AI configurations', from: FIRST_ROLE['ai:read'] },
  {
    words: 'Move protected labels; archive, restore and rename prompts that have one',
    from: FIRST_ROLE['prompts:release'],
  },
  { words: 'Change AI configurations', from: FIRST_ROLE['ai:write'] },
  { words: 'Read the audit log and metrics', from: FIRST_ROLE['audit:read'] },
  { words: 'Change settings and label rules', from: FIRST_ROLE['settings:write'] },
  {
    words: 'Invite people and change members below admin; service keys, connected clients',
    from: FIRST_ROLE['members:write'],
  },
  { words: 'Change admins and owners; redact; rotate secrets', from: 'owner' },
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
