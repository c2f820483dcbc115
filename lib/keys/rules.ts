import type { Scope } from '../access/rules.ts'

/** The bounds of keys, for their schema, their operations and the form, which has no schema library. */

export const KEY_NAME_LENGTH = 100
/** The longest overlap of a rotation, in hours, and the one that nobody asked for. */
export const OVERLAP_HOURS = { most: 24 * 30, usual: 24 } as const

/** Ready-made sets of scopes. `full` is all that the key's person may do. */
export const PRESETS = {
  agent: ['prompts:read'],
  author: ['prompts:read', 'prompts:write', 'prompts:propose', 'generations:run', 'generations:read'],
  ci: ['prompts:read', 'prompts:write'],
  full: undefined,
} as const satisfies Record<string, readonly Scope[] | undefined>

export type Preset = keyof typeof PRESETS

/** The label that keys of the preset `agent` are pinned to when none is named. */
export const AGENT_LABEL = 'production'

/** Scopes that no service key holds: nobody answers for what it does with them. */
export const NOT_FOR_SERVICES: readonly Scope[] = ['members:write', 'settings:write']

/**
 * Scopes that no key holds that is pinned to a label. Usage, the audit log, generations and AI configurations tell of
 * other labels; whoever changes prompts works on versions that no label names yet.
 */
export const NOT_UNDER_A_PIN: readonly Scope[] = [
  'usage:read',
  'audit:read',
  'generations:read',
  'ai:read',
  'ai:write',
  'prompts:write',
  'prompts:propose',
  'prompts:release',
]
