import { expect, it } from 'vitest'
import { keyBody, newKey, presetChange, reasonAgainstScope } from './key-form.ts'
import { endOfLife, scopesText } from './key-words.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const EDITOR = ['prompts:read', 'prompts:write', 'generations:run', 'generations:read', 'usage:read'] as const

it('begins with what an agent needs: to read production', () => {
  expect(keyBody(newKey(' Claude '), EDITOR, NOW)).toEqual({
    name: 'Claude',
    kind: 'personal',
    scopes: ['prompts:read'],
    label: 'production',
    expires_at: '2027-02-27T12:00:00.000Z',
  })
  expect(endOfLife('never', NOW)).toBeNull()
})

it('gives no more by a preset than the person has', () => {
  expect(presetChange('author', EDITOR)).toEqual({
    preset: 'author',
    scopes: ['prompts:read', 'prompts:write', 'generations:run', 'generations:read'],
    label: '',
  })
  expect(presetChange('full', EDITOR).scopes).toEqual(EDITOR)
  expect(presetChange('agent', EDITOR)).toMatchObject({ scopes: ['prompts:read'], label: 'production' })
})

it('says which scopes a key cannot have, and leaves them out', () => {
  const pinned = { ...newKey('x'), scopes: ['prompts:read', 'usage:read'] }
  expect(reasonAgainstScope(pinned, 'usage:read', EDITOR)).toContain('pinned')
  expect(keyBody(pinned, EDITOR, NOW).scopes).toEqual(['prompts:read'])
  expect(reasonAgainstScope({ kind: 'personal', label: ' ' }, 'usage:read', EDITOR)).toBeUndefined()
  expect(reasonAgainstScope({ kind: 'personal', label: '' }, 'audit:read', EDITOR)).toContain('role')
  const service = { kind: 'service', label: '' } as const
  expect(reasonAgainstScope(service, 'settings:write', ['settings:write'])).toContain('service')
})

it('tells scopes in words', () => {
  expect(scopesText(['prompts:read'])).toBe('Reads and renders prompts')
  expect(scopesText(['prompts:write', 'prompts:read'])).toBe('Writes prompts from a repository')
  expect(scopesText(['usage:read', 'prompts:read'])).toBe('See usage · Read and render prompts')
  expect(scopesText(['usage:read', 'prompts:read', 'ai:read', 'ai:write'])).toBe('4 rights')
})
