import { expect, it } from 'vitest'
import type { Member } from '#lib/people/schema.ts'
import { matching } from './member-list.tsx'
import { mayChange, roleChoices } from './role-choices.ts'

const member = (name: string, role: Member['role']): Member => ({
  id: name,
  name,
  email: `${name.toLowerCase()}@example.org`,
  role,
  categories: null,
  deactivated: false,
  deactivated_at: null,
  deactivated_by: null,
  second_factor: false,
  last_seen_at: null,
  created_at: '2026-11-29T12:00:00Z',
  etag: '"1"',
})

it('finds members by every word of name, e-mail and role', () => {
  const all = [member('Ada', 'admin'), member('Eda', 'editor'), member('Vic', 'viewer')]
  const names = (text: string) => matching(all, text).map(({ name }) => name)
  expect(names('')).toEqual(['Ada', 'Eda', 'Vic'])
  expect(names(' DA ')).toEqual(['Ada', 'Eda'])
  expect(names('da editor')).toEqual(['Eda'])
  expect(names('vic@example')).toEqual(['Vic'])
  expect(names('nobody')).toEqual([])
})

it('an owner gives every role, an admin those below admin', () => {
  expect(roleChoices('owner').map(({ id }) => id)).toEqual([
    'viewer',
    'editor',
    'publisher',
    'admin',
    'owner',
  ])
  expect(roleChoices('admin').map(({ id }) => id)).toEqual(['viewer', 'editor', 'publisher'])
  expect([mayChange('admin', 'admin'), mayChange('admin', 'publisher'), mayChange('owner', 'owner')]).toEqual(
    [false, true, true],
  )
})
