import { expect, it } from 'vitest'
import { matchingActions } from './matching.ts'
import { creationOf, placesOf } from './places.ts'

const went: string[] = []
const CATEGORIES = [
  { slug: 'customer-care', name: 'Customer care' },
  { slug: 'data', name: 'Data' },
]
const CONFIGURATIONS = [{ name: 'quick', provider: 'openai', model: 'gpt-small' }]
const places = placesOf(
  { categories: CATEGORIES, configurations: CONFIGURATIONS, scopes: ['ai:read', 'members:write'] },
  (href) => went.push(href),
)
const found = (text: string) => matchingActions(places, text).map(({ name }) => name)

it('finds categories by name and slug, configurations by what they ask', () => {
  expect(found('care')).toEqual(['Customer care'])
  expect(found('customer-c')).toEqual(['Customer care'])
  expect(found('gpt')).toEqual(['quick'])
  expect(found('settings')).toEqual(['AI', 'Members', 'Keys', 'Appearance', 'quick'])
  expect(found('nothing')).toEqual([])
})

it('leads to them', () => {
  for (const place of places) place.run?.()
  expect(went).toEqual([
    '/settings/ai',
    '/settings/members',
    '/settings/keys',
    '/settings/appearance',
    '/prompts?category=customer-care',
    '/prompts?category=data',
    '/settings/ai',
  ])
})

it('offers no section that the person may not open', () => {
  const names = placesOf({ scopes: [] }, () => {}).map(({ name }) => name)
  expect(names).toEqual(['Keys', 'Appearance'])
})

it('begins a prompt of what was typed, whatever that is', () => {
  const to: string[] = []
  const creation = creationOf('  Refund & “thanks”  ', (href) => to.push(href))
  expect(creation.name).toBe('Create “Refund & “thanks””')
  creation.run?.()
  expect(new URL(to[0] ?? '', 'http://x').searchParams.get('title')).toBe('Refund & “thanks”')
  expect(creationOf('x'.repeat(300), () => {}).name.length).toBeLessThan(80)
})
