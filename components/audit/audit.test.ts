import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ACTION_GROUPS, actionWords, GROUP_NAMES, targetName } from './action-words.ts'
import { changedFields, isShort } from './changed-fields.ts'
import { auditHref, NO_FILTERS, toQuery } from './filters.ts'
import { fileHref } from './queries.ts'

it('says what was done', () => {
  expect(actionWords({ action: 'prompt.create' })).toBe('made prompt')
  expect(actionWords({ action: 'label_rule.set' })).toBe('set label rule')
  expect(actionWords({ action: 'session.create' })).toBe('signed in')
  expect(actionWords({ action: 'prompt.unheard_of' })).toBe('prompt.unheard_of')
  expect(Object.keys(GROUP_NAMES)).toEqual([...ACTION_GROUPS])
})

/** As the code that records them writes them; `export.limit` is a line of a file, and in no log. */
function actionsOfTheCode(): string[] {
  const lib = path.resolve(import.meta.dirname, '../../lib')
  const files = globSync('**/*.ts', { cwd: lib }).filter((file) => !/test\.ts$|^(?:testing|db)\//.test(file))
  const found = files.flatMap((file) => {
    const text = readFileSync(path.join(lib, file), 'utf8')
    return [...text.matchAll(/(?:action: |entryOf\()'([a-z_]+\.[a-z_]+)'/g)].map(([, action = '']) => action)
  })
  return [...new Set(found)].filter((action) => action !== 'export.limit').toSorted()
}

it('has words and a group for each action that is recorded', () => {
  const actions = actionsOfTheCode()
  expect(actions.length).toBeGreaterThan(40)
  expect(actions.filter((action) => actionWords({ action }) === action)).toEqual([])
  const groups: readonly string[] = ACTION_GROUPS
  expect(actions.filter((action) => !groups.includes(action.split('.')[0] ?? ''))).toEqual([])
})

it('names a target that is not the one who did it', () => {
  const ann = { id: 'a', kind: 'person', display: 'Ann' }
  const target = { kind: 'actor', id: 'a', name: 'Ann' }
  expect(targetName({ action: 'session.create', actor: ann, target })).toBe('')
  expect(targetName({ action: 'session.revoke', actor: { ...ann, id: 'b' }, target })).toBe('Ann')
  expect(targetName({ action: 'member.update', actor: ann, target })).toBe('Ann')
})

it('shows the fields that changed', () => {
  expect(
    changedFields({
      before: { role: 'viewer', name: 'Ann', categories: null, tags: [] },
      after: { role: 'editor', name: 'Ann', categories: ['data', 'care'], tags: ['x'] },
    }),
  ).toEqual([
    { field: 'role', before: 'viewer', after: 'editor' },
    { field: 'categories', before: 'none', after: 'data, care' },
    { field: 'tags', before: 'none', after: 'x' },
  ])
  expect(changedFields({ before: null, after: { text: 'a\nb' } })).toEqual([
    { field: 'text', before: undefined, after: 'a\nb' },
  ])
  expect(isShort({ field: 'text', before: undefined, after: 'a\nb' })).toBe(false)
  expect(isShort({ field: 'role', before: 'viewer', after: 'editor' })).toBe(true)
  expect(changedFields({ before: { a: { b: 1 } }, after: { a: { b: 1 } } })).toEqual([])
})

it('keeps filters in the address, and sends them', () => {
  const filters = {
    ...NO_FILTERS,
    action: 'session',
    address: '10.0.0.1',
    from: '2026-11-01',
    to: '2026-11-02',
  } as const
  expect(auditHref(filters)).toBe(
    '/settings/audit?action=session&address=10.0.0.1&from=2026-11-01&to=2026-11-02',
  )
  expect(toQuery(filters)).toEqual({
    action: 'session.',
    address: '10.0.0.1',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-11-03T00:00:00.000Z',
  })
  expect(toQuery(NO_FILTERS)).toEqual({})
  expect(fileHref({ action: 'key.' }, 'csv')).toBe('/api/audit?action=key.&format=csv')
})
