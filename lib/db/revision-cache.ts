import { LRUCache } from 'lru-cache'

interface Entry<V> {
  value: V
  tags: string[]
}

/** What a loader returns: the value, the workspace revision it was read at, and what it depends on. */
export interface Loaded<V> {
  value: V
  revision: number
  /** Ids of the rows it was made from: a change that touches one of them drops the entry. */
  tags: string[]
}

export interface RevisionCacheOptions {
  maxEntries: number
  /** Rough bytes of one value, when memory is what bounds the cache. */
  maxBytes?: number
  sizeOf?: (value: unknown) => number
}

/**
 * A cache that tells the truth: an entry is kept only if it was read at or after the last change seen
 * to what it was made from. Misses are not cached. One load at a time for a key.
 */
export class RevisionCache<V extends object> {
  readonly #entries: LRUCache<string, Entry<V>>
  readonly #keysByTag = new Map<string, Set<string>>()
  readonly #touched: LRUCache<string, number>
  readonly #loading = new Map<string, Promise<V>>()
  /** Revision of the newest change whose tags are no longer remembered one by one. */
  #floor = 0

  constructor(options: RevisionCacheOptions) {
    const sizeOf = options.sizeOf
    this.#entries = new LRUCache<string, Entry<V>>({
      max: options.maxEntries,
      ...(options.maxBytes === undefined || sizeOf === undefined
        ? {}
        : {
            maxSize: options.maxBytes,
            sizeCalculation: (entry: Entry<V>) => Math.max(1, sizeOf(entry.value)),
          }),
      dispose: (entry, key) => this.#forgetTags(key, entry.tags),
    })
    this.#touched = new LRUCache({
      max: 10_000,
      dispose: (revision, _tag, reason) => {
        if (reason === 'evict') this.#floor = Math.max(this.#floor, revision)
      },
    })
  }

  get size(): number {
    return this.#entries.size
  }

  /** The entry, without loading. */
  peek(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  /** The entry, or what `load` reads; a failed load caches nothing and throws its error. */
  get(key: string, load: () => Promise<Loaded<V>>): V | Promise<V> {
    const entry = this.#entries.get(key)
    return entry === undefined ? this.#load(key, load) : entry.value
  }

  /** Drops whatever depends on one of the tags, and refuses later what was read before `revision`. */
  touch(tags: Iterable<string>, revision: number): void {
    // A load under way may have read before this change: who asks from now on starts another.
    this.#loading.clear()
    for (const tag of tags) {
      this.#touched.set(tag, Math.max(revision, this.#touched.get(tag) ?? 0))
      for (const key of Array.from(this.#keysByTag.get(tag) ?? [])) this.#entries.delete(key)
    }
  }

  /** Drops everything that may be older than `revision`, when it is not known what changed. */
  clear(revision: number): void {
    this.#floor = Math.max(this.#floor, revision)
    this.#loading.clear()
    this.#entries.clear()
    this.#keysByTag.clear()
  }

  #load(key: string, load: () => Promise<Loaded<V>>): Promise<V> {
    const running = this.#loading.get(key)
    if (running !== undefined) return running
    const started = load()
      .then((loaded) => {
        if (this.#isCurrent(loaded)) this.#keep(key, loaded)
        return loaded.value
      })
      .finally(() => {
        if (this.#loading.get(key) === started) this.#loading.delete(key)
      })
    this.#loading.set(key, started)
    return started
  }

  #isCurrent(loaded: Loaded<V>): boolean {
    if (loaded.revision < this.#floor) return false
    return loaded.tags.every((tag) => loaded.revision >= (this.#touched.get(tag) ?? 0))
  }

  #keep(key: string, loaded: Loaded<V>): void {
    this.#entries.set(key, { value: loaded.value, tags: loaded.tags })
    for (const tag of loaded.tags) {
      const keys = this.#keysByTag.get(tag)
      if (keys === undefined) this.#keysByTag.set(tag, new Set([key]))
      else keys.add(key)
    }
  }

  #forgetTags(key: string, tags: string[]): void {
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) this.#keysByTag.delete(tag)
    }
  }
}
