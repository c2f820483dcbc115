import { expect, test } from 'vitest'
import { bestFirst, leadsToAction, matchingActions } from './matching.ts'

const actions = [
  { id: 'a', name: 'Use the dark theme', group: 'Theme' },
  { id: 'b', name: 'Copy the MCP address', group: 'Workbench', words: 'url endpoint' },
  { id: 'c', name: 'The archive', group: 'Go to' },
]
const found = (text: string) => matchingActions(actions, text).map(({ id }) => id)

test('an empty text finds everything in its order', () => {
  expect(found('  ')).toEqual(['a', 'b', 'c'])
})

test('every word must be in name, heading or further words', () => {
  expect(found('dark')).toEqual(['a'])
  expect(found('url mcp')).toEqual(['b'])
  expect(found('mcp dark')).toEqual([])
})

test('names that begin with the text come first, then those that hold it', () => {
  expect(found('the')).toEqual(['c', 'a', 'b'])
})

test('Enter leads to an action that matches, unless a prompt is called like it', () => {
  const contentAlone = { name: 'testing', title: 'Plan a test' }
  const leads = (text: string, ...prompts: { name: string; title: string }[]) =>
    leadsToAction(text, matchingActions(actions, text), prompts)
  expect(leads('the arch', contentAlone)).toBe(true)
  expect(leads('dark', contentAlone)).toBe(true)
  expect(leads('the arch', contentAlone, { name: 'a', title: 'The architect' })).toBe(false)
  expect(leads('nothing', contentAlone)).toBe(false)
})

test('Enter leads to the action whose whole name it is, though a prompt holds it', () => {
  const leads = (...prompts: { name: string; title: string }[]) =>
    leadsToAction('the archive', matchingActions(actions, 'the archive'), prompts)
  expect(leads({ name: 'the-archive-of-mails', title: '' })).toBe(true)
  expect(leads({ name: 'a', title: 'The archive' })).toBe(false)
})

test('the heading with the best match comes first, others in their order', () => {
  const groups = ['Go to', 'Theme', 'Settings'].map((group) => ({
    group,
    actions: [{ id: group, group, name: group === 'Settings' ? 'Keys' : `Show all keys: ${group}` }],
  }))
  const order = (text: string) => bestFirst(groups, text).map(({ group }) => group)
  expect(order('keys')).toEqual(['Settings', 'Go to', 'Theme'])
  expect(order('')).toEqual(['Go to', 'Theme', 'Settings'])
})
