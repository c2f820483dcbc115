import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { DAY_MS } from './partitions.ts'

/** Keys whose texts are remembered. */
const KEYS_MAX = 10_000
/** A longer text is remembered by its hash. */
const SHORT = 64

/**
 * Bounds how many different texts of a key roll-ups tell apart in a day of UTC, so that callers who make texts up
 * cannot fill a database. Each process counts for itself.
 */
export class DailyNames {
  readonly #most: number
  readonly #seen = new LRUCache<string, Set<string>>({ max: KEYS_MAX })
  #day = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Whether a text is one of the first ones of its key today. */
  admits(key: string, text: string, now = Date.now()): boolean {
    const day = Math.floor(now / DAY_MS)
    if (day !== this.#day) {
      this.#seen.clear()
      this.#day = day
    }
    const short = text.length > SHORT ? createHash('sha256').update(text).digest('base64url') : text
    let seen = this.#seen.get(key)
    if (seen === undefined) {
      seen = new Set()
      this.#seen.set(key, seen)
    }
    if (seen.has(short)) return true
    if (seen.size >= this.#most) return false
    seen.add(short)
    return true
  }
}
