import { getRuntime } from '../runtime.ts'

/** What a cache of this process tells of itself. */
interface Counted {
  readonly size: number
  readonly uses: { hits: number; misses: number }
}

export interface CacheFigures {
  name: string
  entries: number
  /** Since the start. */
  hits: number
  misses: number
}

const noted = () => getRuntime().once('db.caches', () => new Map<string, Counted>())

/** Lets a cache be seen by who looks after this process. */
export function noteCache(name: string, cache: Counted): void {
  noted().set(name, cache)
}

/** The caches of this process that were used, by name. */
export function cacheFigures(): CacheFigures[] {
  return [...noted()]
    .map(([name, { size, uses }]) => ({ name, entries: size, ...uses }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
