import { describe, expect, it } from 'vitest'
import { type Loaded, RevisionCache } from './revision-cache.ts'

interface Thing {
  name: string
}

function cache() {
  return new RevisionCache<Thing>({ maxEntries: 100 })
}

interface HeldLoad {
  load: () => Promise<Loaded<Thing>>
  finish: (loaded: Loaded<Thing>) => void
  calls: number
}

/** A load that finishes when told to. */
function heldLoad(): HeldLoad {
  const held: HeldLoad = {
    calls: 0,
    finish: () => undefined,
    load: () => {
      held.calls += 1
      return new Promise<Loaded<Thing>>((resolve) => {
        held.finish = resolve
      })
    },
  }
  return held
}

describe('RevisionCache', () => {
  it('keeps what was read at or after the last change seen', async () => {
    const things = cache()
    things.touch(['p1'], 5)
    await things.get('a', async () => ({ value: { name: 'v1' }, revision: 5, tags: ['p1'] }))
    expect(things.peek('a')).toEqual({ name: 'v1' })
  })

  it('answers with but does not keep what was read before the last change seen', async () => {
    const things = cache()
    things.touch(['p1'], 6)
    const value = await things.get('a', async () => ({ value: { name: 'old' }, revision: 5, tags: ['p1'] }))
    expect(value).toEqual({ name: 'old' })
    expect(things.peek('a')).toBeUndefined()
  })

  it('drops an entry when something it was made from changes, and no other', async () => {
    const things = cache()
    await things.get('a', async () => ({ value: { name: 'a' }, revision: 1, tags: ['p1', 'included'] }))
    await things.get('b', async () => ({ value: { name: 'b' }, revision: 1, tags: ['p2'] }))
    things.touch(['included'], 2)
    expect(things.peek('a')).toBeUndefined()
    expect(things.peek('b')).toEqual({ name: 'b' })
  })

  it('shares one load between callers', async () => {
    const things = cache()
    const held = heldLoad()
    const both = Promise.all([things.get('a', held.load), things.get('a', held.load)])
    held.finish({ value: { name: 'one' }, revision: 1, tags: [] })
    expect(await both).toEqual([{ name: 'one' }, { name: 'one' }])
    expect(held.calls).toBe(1)
  })

  it('starts a fresh load for a caller who comes after a change, and never keeps the overtaken one', async () => {
    const things = cache()
    const early = heldLoad()
    const late = heldLoad()
    const first = things.get('a', early.load)
    things.touch(['p1'], 2)
    const second = things.get('a', late.load)
    late.finish({ value: { name: 'new' }, revision: 2, tags: ['p1'] })
    expect(await second).toEqual({ name: 'new' })
    early.finish({ value: { name: 'old' }, revision: 1, tags: ['p1'] })
    expect(await first).toEqual({ name: 'old' })
    expect(things.peek('a')).toEqual({ name: 'new' })
  })

  it('caches no failure', async () => {
    const things = cache()
    await expect(
      things.get('a', async () => {
        throw new Error('away')
      }),
    ).rejects.toThrow('away')
    expect(await things.get('a', async () => ({ value: { name: 'back' }, revision: 1, tags: [] }))).toEqual({
      name: 'back',
    })
  })

  it('refuses older reads after it was cleared', async () => {
    const things = cache()
    await things.get('a', async () => ({ value: { name: 'a' }, revision: 3, tags: [] }))
    things.clear(7)
    expect(things.size).toBe(0)
    await things.get('a', async () => ({ value: { name: 'a' }, revision: 6, tags: [] }))
    expect(things.peek('a')).toBeUndefined()
  })

  it('forgets no change when more are touched than it remembers one by one', async () => {
    const things = cache()
    things.touch(['p1'], 10)
    for (let other = 0; other < 10_001; other++) things.touch([`other-${other}`], 11 + other)
    await things.get('a', async () => ({ value: { name: 'old' }, revision: 9, tags: ['p1'] }))
    expect(things.peek('a')).toBeUndefined()
  })
})
