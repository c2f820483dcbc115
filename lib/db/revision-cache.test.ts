import { describe, expect, it } from 'vitest'
import { EVERYTHING, type Loaded, RevisionCache } from './revision-cache.ts'

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
    things.touch('w', ['p1'], 5)
    await things.get('w', 'a', async () => ({ value: { name: 'v1' }, revision: 5, tags: ['p1'] }))
    expect(things.peek('w', 'a')).toEqual({ name: 'v1' })
  })

  it('answers with but does not keep what was read before the last change seen', async () => {
    const things = cache()
    things.touch('w', ['p1'], 6)
    const value = await things.get('w', 'a', async () => ({
      value: { name: 'old' },
      revision: 5,
      tags: ['p1'],
    }))
    expect(value).toEqual({ name: 'old' })
    expect(things.peek('w', 'a')).toBeUndefined()
  })

  it('drops an entry when something it was made from changes, and no other', async () => {
    const things = cache()
    await things.get('w', 'a', async () => ({ value: { name: 'a' }, revision: 1, tags: ['p1', 'included'] }))
    await things.get('w', 'b', async () => ({ value: { name: 'b' }, revision: 1, tags: ['p2'] }))
    things.touch('w', ['included'], 2)
    expect(things.peek('w', 'a')).toBeUndefined()
    expect(things.peek('w', 'b')).toEqual({ name: 'b' })
  })

  it('shares one load between callers', async () => {
    const things = cache()
    const held = heldLoad()
    const both = Promise.all([things.get('w', 'a', held.load), things.get('w', 'a', held.load)])
    held.finish({ value: { name: 'one' }, revision: 1, tags: [] })
    expect(await both).toEqual([{ name: 'one' }, { name: 'one' }])
    expect(held.calls).toBe(1)
  })

  it('starts a fresh load for a caller who comes after a change, and never keeps the overtaken one', async () => {
    const things = cache()
    const early = heldLoad()
    const late = heldLoad()
    const first = things.get('w', 'a', early.load)
    things.touch('w', ['p1'], 2)
    const second = things.get('w', 'a', late.load)
    late.finish({ value: { name: 'new' }, revision: 2, tags: ['p1'] })
    expect(await second).toEqual({ name: 'new' })
    early.finish({ value: { name: 'old' }, revision: 1, tags: ['p1'] })
    expect(await first).toEqual({ name: 'old' })
    expect(things.peek('w', 'a')).toEqual({ name: 'new' })
  })

  it('caches no failure', async () => {
    const things = cache()
    await expect(
      things.get('w', 'a', async () => {
        throw new Error('away')
      }),
    ).rejects.toThrow('away')
    expect(
      await things.get('w', 'a', async () => ({ value: { name: 'back' }, revision: 1, tags: [] })),
    ).toEqual({
      name: 'back',
    })
  })

  it('drops everything of a workspace that is cleared, and keeps nothing whose reading had begun', async () => {
    const things = cache()
    await things.get('w', 'a', async () => ({ value: { name: 'a' }, revision: 3, tags: [] }))
    const early = heldLoad()
    const loading = things.get('w', 'b', early.load)
    things.clear('w')
    expect(things.size).toBe(0)
    early.finish({ value: { name: 'old' }, revision: 1000, tags: [] })
    expect(await loading).toEqual({ name: 'old' })
    expect(things.peek('w', 'b')).toBeUndefined()
  })

  it('keeps what is read after it was cleared, though revisions count from lower again', async () => {
    const things = cache()
    things.touch('w', ['p1'], 1000)
    things.clear('w')
    await things.get('w', 'a', async () => ({ value: { name: 'restored' }, revision: 6, tags: ['p1'] }))
    expect(things.peek('w', 'a')).toEqual({ name: 'restored' })
  })

  it('keeps no miss', async () => {
    const things = cache()
    await things.get('w', 'a', async () => ({ value: { name: 'none' }, revision: null, tags: [] }))
    expect(things.peek('w', 'a')).toBeUndefined()
  })

  it('lets nothing of one workspace drop or refuse entries of another', async () => {
    const things = cache()
    await things.get('quiet', 'kept', async () => ({ value: { name: 'kept' }, revision: 5, tags: ['q1'] }))
    const held = heldLoad()
    const loading = things.get('quiet', 'loading', held.load)
    for (let n = 0; n < 10_001; n++) things.touch('busy', [`other-${n}`], 1000 + n)
    things.clear('busy')
    held.finish({ value: { name: 'loaded' }, revision: 5, tags: ['q1'] })
    await loading
    await things.get('quiet', 'later', async () => ({ value: { name: 'later' }, revision: 5, tags: ['q1'] }))
    for (const key of ['kept', 'loading', 'later']) expect(things.peek('quiet', key)).toBeDefined()
  })

  it('forgets no change when more are touched than it remembers one by one', async () => {
    const things = cache()
    things.touch('w', ['p1'], 10)
    for (let other = 0; other < 10_001; other++) things.touch('w', [`other-${other}`], 11 + other)
    await things.get('w', 'a', async () => ({ value: { name: 'old' }, revision: 9, tags: ['p1'] }))
    expect(things.peek('w', 'a')).toBeUndefined()
  })

  it('never lowers what is refused when a smaller revision is told later', async () => {
    const things = cache()
    things.touch('w', [EVERYTHING], 1000)
    things.touch('w', [EVERYTHING], 50)
    await things.get('w', 'a', async () => ({ value: { name: 'old' }, revision: 999, tags: [] }))
    expect(things.peek('w', 'a')).toBeUndefined()
    await things.get('w', 'a', async () => ({ value: { name: 'new' }, revision: 1000, tags: [] }))
    expect(things.peek('w', 'a')).toBeDefined()
  })

  it('refuses by revisions of the same workspace alone', async () => {
    const things = cache()
    things.touch('busy', [EVERYTHING], 1000)
    await things.get('quiet', 'a', async () => ({ value: { name: 'a' }, revision: 1, tags: [] }))
    expect(things.peek('quiet', 'a')).toBeDefined()
  })

  it('drops everything when everything was touched, and what was being read is not kept', async () => {
    const things = cache()
    await things.get('w', 'a', async () => ({ value: { name: 'a' }, revision: 3, tags: ['p1'] }))
    const held = heldLoad()
    const loading = things.get('w', 'b', held.load)
    things.touch('w', [EVERYTHING], 4)
    held.finish({ value: { name: 'erased' }, revision: 3, tags: ['p2'] })
    await loading
    expect([things.size, things.peek('w', 'b')]).toEqual([0, undefined])
  })

  it('keeps what is being read while other things change', async () => {
    const things = cache()
    const held = heldLoad()
    const loading = things.get('w', 'a', held.load)
    things.touch('w', ['p2'], 9)
    held.finish({ value: { name: 'a' }, revision: 8, tags: ['p1'] })
    await loading
    expect(things.peek('w', 'a')).toBeDefined()
  })

  it('remembers no more of thousands of workspaces than is kept of them', async () => {
    const things = new RevisionCache<Thing>({ maxEntries: 10 })
    for (let n = 0; n < 3_000; n++) {
      things.touch(`w${n}`, ['p1'], 7)
      await things.get(`w${n}`, 'a', async () => ({ value: { name: 'a' }, revision: 7, tags: ['p1'] }))
    }
    expect(things.size).toBe(10)
    things.touch('w2999', ['p1'], 8)
    expect(things.peek('w2999', 'a')).toBeUndefined()
  })
})
