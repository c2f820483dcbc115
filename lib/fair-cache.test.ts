import { expect, it } from 'vitest'
import { FairCache } from './fair-cache.ts'

function filled(options: { maxEntries: number; maxBytes?: number }, keys: string[]) {
  const dropped: string[] = []
  const cache = new FairCache<string>({
    ...options,
    ...(options.maxBytes !== undefined && { sizeOf: (value) => value.length }),
    onDrop: (workspaceId, key) => void dropped.push(`${workspaceId} ${key}`),
  })
  for (const key of keys) cache.set(key.charAt(0), key, key)
  return { cache, dropped }
}

it('keeps the same key of two workspaces apart', () => {
  const { cache } = filled({ maxEntries: 10 }, [])
  cache.set('v', 'same', 'of v')
  cache.set('w', 'same', 'of w')
  cache.delete('v', 'same')
  expect([cache.get('v', 'same'), cache.get('w', 'same')]).toEqual([undefined, 'of w'])
})

it('takes room from the workspace that has the most', () => {
  const { cache, dropped } = filled({ maxEntries: 4 }, ['v1', 'v2', 'v3', 'w1'])
  for (const key of ['v4', 'v5', 'v6', 'w2']) cache.set(key.charAt(0), key, key)
  expect([...cache.values()].toSorted()).toEqual(['v5', 'v6', 'w1', 'w2'])
  expect(dropped).toEqual(['v v1', 'v v2', 'v v3', 'v v4'])
})

it('lets go of what nobody asks for before what was asked for', () => {
  const { cache, dropped } = filled({ maxEntries: 3 }, ['v1', 'v2', 'v3'])
  cache.get('v', 'v1')
  cache.set('v', 'v4', 'v4')
  cache.set('v', 'v5', 'v5')
  expect(dropped).toEqual(['v v2', 'v v3'])
  cache.set('v', 'v6', 'v6')
  expect(dropped).toContain('v v1')
})

it('is bounded by bytes, and keeps nothing that is larger than all its room', () => {
  const { cache, dropped } = filled({ maxEntries: 9, maxBytes: 6 }, ['v1', 'v2', 'w1'])
  expect(cache.set('v', 'v3', 'v3')).toBe(true)
  expect(dropped).toEqual(['v v1'])
  expect(cache.set('w', 'w2', 'w234567')).toBe(false)
  expect(cache.count).toBe(3)
})

it('drops everything of one workspace alone', () => {
  const { cache, dropped } = filled({ maxEntries: 9 }, ['v1', 'v2', 'w1'])
  cache.clear('v')
  expect([...cache.values()]).toEqual(['w1'])
  expect(dropped).toEqual(['v v1', 'v v2'])
})
