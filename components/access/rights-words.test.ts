import { expect, it } from 'vitest'
import { type Actor, ALL_SCOPES } from '#lib/access/actor.ts'
import { may } from '#lib/access/rights.ts'
import { ROLES, SCOPES } from '#lib/access/rules.ts'
import { FIRST_ROLE, reasonAgainst } from './reason.ts'
import { reaches, SCOPE_WORDS } from './rights-words.ts'

it('says of each role and scope what the server says', () => {
  for (const scope of SCOPES) {
    for (const role of ROLES)
      expect([scope, role, reaches(role, FIRST_ROLE[scope])]).toEqual([
        scope,
        role,
        may({ role, scopes: ALL_SCOPES } as Actor, scope),
      ])
  }
  expect(Object.keys(SCOPE_WORDS).toSorted()).toEqual([...SCOPES].toSorted())
})

it('tells why something may not be done', () => {
  const editor = { role: 'editor', scopes: ['prompts:read', 'prompts:write'], categories: null } as const
  expect(reasonAgainst(editor, 'prompts:write', 'data')).toBeUndefined()
  expect(reasonAgainst(editor, 'prompts:release', 'data')).toBe(
    'This takes the role publisher or above; yours is editor.',
  )
  const narrowed = { ...editor, categories: ['data', 'care'] }
  expect(reasonAgainst(narrowed, 'prompts:write', 'care')).toBeUndefined()
  expect(reasonAgainst(narrowed, 'prompts:write')).toBeUndefined()
  for (const category of ['sales', null])
    expect(reasonAgainst(narrowed, 'prompts:write', category)).toContain('data, care')
})
