import { describe, expect, it } from 'vitest'
import { type Actor, ALL_SCOPES, UNBOUND } from '../access/actor.ts'
import { assertMay, may } from './policy.ts'

const owner: Actor = {
  id: 'a',
  kind: 'person',
  workspaceId: 'w',
  role: 'owner',
  scopes: ALL_SCOPES,
  ...UNBOUND,
  request: { id: 'r', surface: 'rest', outcome: {} },
}

describe('who may do what with prompts', () => {
  it.each([
    ['owner', ALL_SCOPES, ['read', 'write', 'release']],
    ['publisher', ALL_SCOPES, ['read', 'write', 'release']],
    ['editor', ALL_SCOPES, ['read', 'write']],
    ['viewer', ALL_SCOPES, ['read']],
    ['owner', new Set(['prompts:read'] as const), ['read']],
    ['editor', new Set(['prompts:read', 'prompts:write'] as const), ['read', 'write']],
    ['owner', new Set([] as const), []],
  ] as const)('%s with %o', (role, scopes, rights) => {
    const actor = { ...owner, role, scopes }
    expect((['read', 'write', 'release'] as const).filter((right) => may(actor, right))).toEqual(rights)
  })

  it('names the scope that is missing', () => {
    const reader = { ...owner, scopes: new Set(['prompts:read'] as const) }
    expect(() => assertMay(reader, 'write')).toThrow('prompts:write')
    expect(() => assertMay({ ...owner, role: 'viewer' }, 'write')).toThrow('viewer')
    expect(() => assertMay(owner, 'release')).not.toThrow()
  })
})
