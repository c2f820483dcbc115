import type pg from 'pg'
import { showCache } from '../held-metrics.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import type { ChangedTarget } from './changes/notice.ts'
import { onPrimary } from './read.ts'
import { EVERYTHING, RevisionCache } from './revision-cache.ts'

/** A value, and the revision of the workspace in the same snapshot. */
export interface Reading<V> {
  value: V
  revision: number
}

export interface CachedReadOptions {
  /** Names the cache: one in a process, whichever copy of the code asks. */
  name: string
  /** Most values kept, of all workspaces together. */
  maxEntries: number
  /** Whether a change to this makes what is kept of its workspace untrue. */
  isTouchedBy: (target: ChangedTarget) => boolean
}

/**
 * A reading that costs too much to repeat and depends on the whole workspace, such as counts: kept until
 * a change touches it, and served on while the database is away.
 * @throws unavailable when it is not kept and the database is away
 */
export function cachedRead<V extends object>(
  options: CachedReadOptions,
  workspaceId: string,
  key: string,
  load: (pool: pg.Pool) => Promise<Reading<V>>,
): V | Promise<V> {
  const cache = getRuntime().once(`cache.${options.name}`, (runtime) => createCache<V>(runtime, options))
  return cache.get(workspaceId, key, async () => {
    const { value, revision } = await onPrimary(({ pool }) => load(pool))
    return { value, revision, tags: [] }
  })
}

function createCache<V extends object>({ feed }: Runtime, options: CachedReadOptions): RevisionCache<V> {
  const cache = new RevisionCache<V>({ maxEntries: options.maxEntries })
  feed.onChange((notice) => {
    if (notice.targets.some(options.isTouchedBy))
      cache.touch(notice.workspace_id, [EVERYTHING], notice.revision)
  })
  feed.onReset((workspaceId) => cache.clear(workspaceId))
  showCache(options.name, cache)
  return cache
}
