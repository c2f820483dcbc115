import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'
import type { Scope } from '../access/rules.ts'

/**
 * What can be done with AI configurations. To use one is to have it answer a prompt; to test one is part of
 * setting it up.
 */
export type ConfigurationRight = 'read' | 'write' | 'use'

const SCOPES = {
  read: 'ai:read',
  write: 'ai:write',
  use: 'generations:run',
} as const satisfies Record<ConfigurationRight, Scope>

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: ConfigurationRight): void {
  rights.assertMay(actor, SCOPES[right])
}
