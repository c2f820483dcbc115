interface Item<V> {
  readonly value: V
  readonly size: number
  /** Asked for since it was last passed over: it stays for another round. */
  isUsed: boolean
}

/** The entries of one workspace, oldest first. */
interface Shelf<V> {
  readonly items: Map<string, Item<V>>
  size: number
}

export interface FairCacheOptions<V> {
  maxEntries: number
  /** Rough bytes of one value, when memory is what bounds the cache. */
  maxBytes?: number | undefined
  sizeOf?: ((value: V) => number) | undefined
  /** Called for each entry that is dropped. */
  onDrop?: (workspaceId: string, key: string, value: V) => void
}

/**
 * A bounded cache that workspaces share. Each has a shelf of its own; when there is no room, the largest shelf
 * makes some, so a busy workspace never takes from those that have less.
 */
export class FairCache<V> {
  readonly #shelves = new Map<string, Shelf<V>>()
  readonly #maxEntries: number
  readonly #maxSize: number
  readonly #sizeOf: (value: V) => number
  readonly #onDrop: (workspaceId: string, key: string, value: V) => void
  #count = 0
  #size = 0

  constructor({ maxEntries, maxBytes, sizeOf, onDrop }: FairCacheOptions<V>) {
    this.#maxEntries = maxEntries
    this.#maxSize = maxBytes ?? maxEntries
    this.#sizeOf = sizeOf === undefined ? () => 1 : (value) => Math.max(1, sizeOf(value))
    this.#onDrop = onDrop ?? (() => undefined)
  }

  /** Entries of all workspaces together. */
  get count(): number {
    return this.#count
  }

  /** Rough bytes of all entries; their number where there is no `sizeOf`. */
  get size(): number {
    return this.#size
  }

  get(workspaceId: string, key: string): V | undefined {
    const item = this.#shelves.get(workspaceId)?.items.get(key)
    if (item === undefined) return undefined
    item.isUsed = true
    return item.value
  }

  /** Keeps a value in place of the one before; false: it is larger than the whole cache, and not kept. */
  set(workspaceId: string, key: string, value: V): boolean {
    this.delete(workspaceId, key)
    const size = this.#sizeOf(value)
    if (size > this.#maxSize) return false
    while (this.#count >= this.#maxEntries || this.#size + size > this.#maxSize) this.#makeRoom()
    const shelf = this.#shelves.get(workspaceId) ?? { items: new Map<string, Item<V>>(), size: 0 }
    shelf.items.set(key, { value, size, isUsed: false })
    shelf.size += size
    this.#shelves.set(workspaceId, shelf)
    this.#count += 1
    this.#size += size
    return true
  }

  delete(workspaceId: string, key: string): void {
    const shelf = this.#shelves.get(workspaceId)
    const item = shelf?.items.get(key)
    if (shelf === undefined || item === undefined) return
    shelf.items.delete(key)
    shelf.size -= item.size
    this.#count -= 1
    this.#size -= item.size
    if (shelf.items.size === 0) this.#shelves.delete(workspaceId)
    this.#onDrop(workspaceId, key, item.value)
  }

  /** Drops everything of a workspace. */
  clear(workspaceId: string): void {
    for (const key of this.#shelves.get(workspaceId)?.items.keys() ?? []) this.delete(workspaceId, key)
  }

  *values(): Iterable<V> {
    for (const { items } of this.#shelves.values()) for (const { value } of items.values()) yield value
  }

  /** Drops about the least recently used entry of the largest shelf (second chance). */
  #makeRoom(): void {
    let largest = ''
    let most = 0
    for (const [workspaceId, { size }] of this.#shelves)
      if (size > most) {
        largest = workspaceId
        most = size
      }
    const items = this.#shelves.get(largest)?.items ?? new Map<string, Item<V>>()
    for (const [key, item] of items) {
      if (!item.isUsed) return this.delete(largest, key)
      // To the end of the line: a second chance.
      item.isUsed = false
      items.delete(key)
      items.set(key, item)
    }
  }
}
