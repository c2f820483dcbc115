import { FairCache } from '../fair-cache.ts'

interface Entry<V> {
  value: V
  tags: string[]
}

/** The state of one workspace: the tags of its entries, and the reads under way. */
interface State<V> {
  readonly keysByTag: Map<string, Set<string>>
  readonly loading: Map<string, Promise<V>>
  /** Reads under way, abandoned ones included. */
  reads: number
  /** The newest change to each thing while something is being read. */
  readonly touched: Map<string, number>
  /** Values that were read before this revision are not kept. */
  floor: number
}

/** The result of a loader: the value, the workspace revision of the read, and the tags that it depends on. */
export interface Loaded<V> {
  value: V
  /** null: nothing was found, which is not kept. */
  revision: number | null
  /** Ids of the rows it was made from: a change that touches one of them drops the entry. */
  tags: string[]
}

export interface RevisionCacheOptions<V> {
  maxEntries: number
  /** Rough bytes of one value, when memory is what bounds the cache. */
  maxBytes?: number
  sizeOf?: (value: V) => number
}

/** A tag of every entry of its workspace. */
export const EVERYTHING = '*'
/** Touched things remembered one by one; beyond that what is being read is not kept. */
const TOUCHED_MAX = 1_000
/** Workspaces remembered of which nothing is kept or being read. */
const IDLE_MAX = 1_000

/**
 * A cache that is never stale: an entry is kept only if it was read at or after the last change seen
 * to what it was made from. Misses are not cached. One load at a time for a key. Revisions are counted for
 * each workspace by itself, so each has a state of its own; workspaces share the room and nothing else.
 */
export class RevisionCache<V extends object> {
  readonly #entries: FairCache<Entry<V>>
  readonly #states = new Map<string, State<V>>()
  readonly #isSized: boolean
  #hits = 0
  #misses = 0

  constructor({ maxEntries, maxBytes, sizeOf }: RevisionCacheOptions<V>) {
    this.#isSized = sizeOf !== undefined
    this.#entries = new FairCache({
      maxEntries,
      maxBytes,
      sizeOf: sizeOf && ((entry) => sizeOf(entry.value)),
      onDrop: (workspaceId, key, entry) => this.#forgetTags(workspaceId, key, entry),
    })
  }

  get size(): number {
    return this.#entries.count
  }

  /** Rough bytes of all values; undefined where they do not bound it. */
  get bytes(): number | undefined {
    return this.#isSized ? this.#entries.size : undefined
  }

  /** How often `get` had a value at hand, or `found` was told of one. */
  get hits(): number {
    return this.#hits
  }

  /** How often something was read because it was not at hand. */
  get misses(): number {
    return this.#misses
  }

  /** Counts a look by `peek` that sufficed. */
  found(): void {
    this.#hits += 1
  }

  /** The entry, without loading; counts nothing. */
  peek(workspaceId: string, key: string): V | undefined {
    return this.#entries.get(workspaceId, key)?.value
  }

  /** The entry, or what `load` reads; a failed load caches nothing and throws its error. */
  get(workspaceId: string, key: string, load: () => Promise<Loaded<V>>): V | Promise<V> {
    const entry = this.#entries.get(workspaceId, key)
    if (entry === undefined) return this.#load(workspaceId, key, load)
    this.#hits += 1
    return entry.value
  }

  /**
   * Reads something, and offers what it found to the cache under keys that are known only then.
   * @param read is given what keeps a value, unless a change has overtaken it
   */
  async reading<T>(
    workspaceId: string,
    read: (keep: (key: string, loaded: Loaded<V>) => void) => Promise<T>,
  ): Promise<T> {
    this.#misses += 1
    const state = this.#state(workspaceId)
    state.reads += 1
    try {
      return await read((key, { value, revision, tags }) => {
        // A state that was replaced meanwhile was cleared.
        const isKnown = this.#states.get(workspaceId) === state
        if (isKnown && revision !== null && isCurrent(state, tags, revision))
          this.#keep(workspaceId, key, { value, tags: [...tags, EVERYTHING] })
      })
    } finally {
      state.reads -= 1
      if (state.reads === 0) raiseFloor(state)
    }
  }

  /** Drops whatever depends on one of the tags, and refuses later what was read before `revision`. */
  touch(workspaceId: string, tags: Iterable<string>, revision: number): void {
    const state = this.#state(workspaceId)
    // A load under way may have read before the change: a caller that comes now starts another.
    state.loading.clear()
    for (const tag of tags) {
      state.touched.set(tag, Math.max(revision, state.touched.get(tag) ?? 0))
      this.#drop(workspaceId, tag)
    }
    if (state.reads === 0 || state.touched.size > TOUCHED_MAX) raiseFloor(state)
  }

  /**
   * Drops everything of a workspace, when it is not known what changed; what is being read is not kept. The
   * floor begins at zero: a restored database counts from lower.
   */
  clear(workspaceId: string): void {
    this.#entries.clear(workspaceId)
    this.#states.delete(workspaceId)
  }

  #drop(workspaceId: string, tag: string): void {
    for (const key of Array.from(this.#states.get(workspaceId)?.keysByTag.get(tag) ?? []))
      this.#entries.delete(workspaceId, key)
  }

  #load(workspaceId: string, key: string, load: () => Promise<Loaded<V>>): Promise<V> {
    const { loading } = this.#state(workspaceId)
    const running = loading.get(key)
    if (running !== undefined) return running
    const value = this.reading(workspaceId, async (keep) => {
      const loaded = await load()
      keep(key, loaded)
      return loaded.value
    }).finally(() => {
      if (loading.get(key) === value) loading.delete(key)
    })
    loading.set(key, value)
    return value
  }

  #keep(workspaceId: string, key: string, entry: Entry<V>): void {
    if (!this.#entries.set(workspaceId, key, entry)) return
    const { keysByTag } = this.#state(workspaceId)
    for (const tag of entry.tags) {
      const keys = keysByTag.get(tag)
      if (keys === undefined) keysByTag.set(tag, new Set([key]))
      else keys.add(key)
    }
  }

  #forgetTags(workspaceId: string, key: string, { tags }: Entry<V>): void {
    const keysByTag = this.#states.get(workspaceId)?.keysByTag
    for (const tag of tags) {
      const keys = keysByTag?.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) keysByTag?.delete(tag)
    }
  }

  /** The state of a workspace, which becomes the newest. */
  #state(workspaceId: string): State<V> {
    const known = this.#states.get(workspaceId)
    const state = known ?? {
      keysByTag: new Map(),
      loading: new Map(),
      reads: 0,
      touched: new Map(),
      floor: 0,
    }
    if (known !== undefined) this.#states.delete(workspaceId)
    this.#states.set(workspaceId, state)
    if (known === undefined && this.#states.size > IDLE_MAX) this.#forgetIdle()
    return state
  }

  /** Forgets the oldest state that nothing needs: a read that begins later is never older than its floor. */
  #forgetIdle(): void {
    for (const [workspaceId, { keysByTag, reads }] of this.#states) {
      if (keysByTag.size > 0 || reads > 0) continue
      this.#states.delete(workspaceId)
      return
    }
  }
}

function isCurrent({ floor, touched }: State<object>, tags: string[], revision: number): boolean {
  const newest = Math.max(floor, touched.get(EVERYTHING) ?? 0)
  return revision >= newest && tags.every((tag) => revision >= (touched.get(tag) ?? 0))
}

/** Remembers the newest change instead of each. */
function raiseFloor(state: State<object>): void {
  for (const revision of state.touched.values()) state.floor = Math.max(state.floor, revision)
  state.touched.clear()
}
