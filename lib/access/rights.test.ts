import { describe, expect, it } from 'vitest'
import * as ai from '../ai/policy.ts'
import { assertMayReadAudit } from '../audit/policy.ts'
import * as categories from '../categories/policy.ts'
import { assertMayFollow } from '../changes/policy.ts'
import * as generations from '../generations/policy.ts'
import * as prompts from '../prompts/policy.ts'
import { assertMayReadUsage } from '../usage/policy.ts'
import { type Actor, UNBOUND } from './actor.ts'
import { type Scope } from './rules.ts'

const nobody: Actor = {
  id: 'a',
  kind: 'key',
  workspaceId: 'w',
  role: 'owner',
  scopes: new Set<Scope>(),
  ...UNBOUND,
  request: { id: 'r', surface: 'rest', outcome: {} },
}

describe('a refusal for want of a scope', () => {
  it.each<[Scope, () => void]>([
    ['usage:read', () => assertMayReadUsage(nobody)],
    ['usage:read', () => prompts.assertMaySeeUsage(nobody)],
    ['audit:read', () => assertMayReadAudit(nobody)],
    ['prompts:read', () => assertMayFollow(nobody)],
    ['prompts:read', () => prompts.assertMay(nobody, 'read')],
    ['prompts:write', () => prompts.assertMay(nobody, 'write')],
    ['prompts:release', () => prompts.assertMay(nobody, 'release')],
    ['prompts:write', () => categories.assertMay(nobody, 'write')],
    ['ai:write', () => ai.assertMay(nobody, 'write')],
    ['generations:run', () => ai.assertMay(nobody, 'use')],
    ['generations:run', () => generations.assertMay(nobody, 'run')],
  ])('names it, wherever it comes from: %s', (scope, refused) => {
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: `This needs the scope ${scope}.`,
        extra: { required_scope: scope },
      }),
    )
  })
})
