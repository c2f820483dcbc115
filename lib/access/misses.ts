import { LRUCache } from 'lru-cache'

const MISSES_MAX = 10_000
/** A text that was refused is looked up again after this time, whatever the change feed says. */
const ASKED_AGAIN_MS = 60_000

/**
 * Texts that are no credential. A program that goes on with a revoked one asks the database once in a while. With any
 * change of rights all are forgotten, so that none is refused that was made since.
 */
export class Misses {
  readonly #texts = new LRUCache<string, true>({ max: MISSES_MAX, ttl: ASKED_AGAIN_MS })
  #changes = 0

  has(key: string): boolean {
    return this.#texts.has(key)
  }

  /** @returns what notes that a look-up that begins now was in vain, unless rights have changed meanwhile */
  begin(key: string): () => undefined {
    const before = this.#changes
    return () => {
      if (before === this.#changes) this.#texts.set(key, true)
      return undefined
    }
  }

  clear(): void {
    this.#changes += 1
    this.#texts.clear()
  }
}
