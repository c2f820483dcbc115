import { expect, it } from 'vitest'
import { staleKeys } from './change-stream.ts'

const change = (action: string, kind: string, name: string) => ({
  action,
  kind,
  id: 'id',
  name,
  version: null,
  label: null,
  labels: [],
})
const event = (...changes: ReturnType<typeof change>[]) => ({
  revision: 2,
  occurred_at: '2026-11-24T12:00:00.000Z',
  actor: { id: 'id', kind: 'user', display: 'Somebody' },
  request_id: null,
  changes,
  total: changes.length,
})

it('a new version makes the prompt and the lists old', () => {
  expect(staleKeys(event(change('version.create', 'prompt', 'greet')))).toEqual([
    ['prompts'],
    ['prompt', 'greet'],
  ])
})

it('a prompt that comes or goes also changes the counts at the side', () => {
  expect(staleKeys(event(change('prompt.archive', 'prompt', 'greet')))).toEqual([
    ['prompts'],
    ['prompt', 'greet'],
    ['categories'],
    ['tags'],
  ])
})

it('many changes of one kind are named once', () => {
  const many = ['a', 'b'].map((slug) => change('category.update', 'category', slug))
  expect(staleKeys(event(...many))).toEqual([['prompts'], ['categories'], ['tags']])
})

it('what was not told may be anything', () => {
  expect(staleKeys({ ...event(change('prompt.update', 'prompt', 'greet')), total: 500 })).toContainEqual([
    'prompt',
  ])
})

it('an AI configuration is no prompt', () => {
  expect(staleKeys(event(change('configuration.update', 'configuration', 'writer')))).toEqual([
    ['configurations'],
  ])
})
