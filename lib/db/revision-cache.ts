import { LRUCache } from 'lru-cache'
import { RevisionFloors } from './revision-floors.ts'

interface Entry<V> {
  workspaceId: string
  value: V
  tags: string[]
}

/** The newest change of something. */
interface Touch {
  workspaceId: string
  revision: number
}

interface Loading<V> {
  workspaceId: string
  value: Promise<V>
}

/** What a loader returns: the value, the workspace revision it was read at, and what it depends on. */
export interface Loaded<V> {
  value: V
  /** null: nothing was found, which is not kept. */
  revision: number | null
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
 * to what it was made from. Misses are not cached. One load at a time for a key. Workspaces share the
 * room and nothing else: what happens in one neither drops nor refuses entries of another.
 */
export class RevisionCache<V extends object> {
  readonly #entries: LRUCache<string, Entry<V>>
  readonly #keysByTag = new Map<string, Set<string>>()
  readonly #touched: LRUCache<string, Touch>
  readonly #loading = new Map<string, Loading<V>>()
  /** The newest changes whose tags are no longer remembered one by one. */
  readonly #floors = new RevisionFloors()

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
      dispose: (entry, key) => this.#forgetTags(key, entry),
    })
    this.#touched = new LRUCache({
      max: 10_000,
      dispose: ({ workspaceId, revision }, _tag, reason) => {
        if (reason === 'evict') this.#floors.raise(workspaceId, revision)
      },
    })
  }

  get size(): number {
    return this.#entries.size
  }

  /** The entry, without loading. */
  peek(workspaceId: string, key: string): V | undefined {
    return this.#entries.get(`${workspaceId} ${key}`)?.value
  }

  /** The entry, or what `load` reads; a failed load caches nothing and throws its error. */
  get(workspaceId: string, key: string, load: () => Promise<Loaded<V>>): V | Promise<V> {
    const entry = this.#entries.get(`${workspaceId} ${key}`)
    return entry === undefined ? this.#load(workspaceId, `${workspaceId} ${key}`, load) : entry.value
  }

  /** Drops whatever depends on one of the tags, and refuses later what was read before `revision`. */
  touch(workspaceId: string, tags: Iterable<string>, revision: number): void {
    this.#abandonLoads(workspaceId)
    for (const tag of tags) {
      this.#touched.set(tag, {
        workspaceId,
        revision: Math.max(revision, this.#touched.get(tag)?.revision ?? 0),
      })
      this.#drop(tag)
    }
  }

  /** Drops everything of a workspace, when it is not known what changed; what is being read is not kept. */
  clear(workspaceId: string): void {
    this.#abandonLoads(workspaceId)
    this.#floors.restart(workspaceId)
    for (const [tag, touch] of this.#touched.entries())
      if (touch.workspaceId === workspaceId) this.#touched.delete(tag)
    this.#drop(workspaceId)
  }

  /** A load under way may have read before a change: who asks from now on starts another. */
  #abandonLoads(workspaceId: string): void {
    for (const [key, loading] of this.#loading)
      if (loading.workspaceId === workspaceId) this.#loading.delete(key)
  }

  #drop(tag: string): void {
    for (const key of Array.from(this.#keysByTag.get(tag) ?? [])) this.#entries.delete(key)
  }

  #load(workspaceId: string, key: string, load: () => Promise<Loaded<V>>): Promise<V> {
    const running = this.#loading.get(key)
    if (running !== undefined) return running.value
    const mayKeep = this.#floors.watch(workspaceId)
    const value = load()
      .then((loaded) => {
        const { revision, tags } = loaded
        if (revision !== null && mayKeep(revision) && this.#isCurrent(tags, revision))
          this.#keep({ workspaceId, value: loaded.value, tags }, key)
        return loaded.value
      })
      .finally(() => {
        if (this.#loading.get(key)?.value === value) this.#loading.delete(key)
      })
    this.#loading.set(key, { workspaceId, value })
    return value
  }

  #isCurrent(tags: string[], revision: number): boolean {
    return tags.every((tag) => revision >= (this.#touched.get(tag)?.revision ?? 0))
  }

  #keep(entry: Entry<V>, key: string): void {
    this.#entries.set(key, entry)
    for (const tag of tagsOf(entry)) {
      const keys = this.#keysByTag.get(tag)
      if (keys === undefined) this.#keysByTag.set(tag, new Set([key]))
      else keys.add(key)
    }
  }

  #forgetTags(key: string, entry: Entry<V>): void {
    for (const tag of tagsOf(entry)) {
      const keys = this.#keysByTag.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) this.#keysByTag.delete(tag)
    }
  }
}

/** Every entry also depends on its workspace as a whole. */
function tagsOf({ workspaceId, tags }: Entry<unknown>): string[] {
  return [...tags, workspaceId]
}
