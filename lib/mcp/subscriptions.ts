import type { ChangeNotice, ListScope } from '../db/notice.ts'
import { inTurns, KEEP_ALIVE_MS, keepOpen, type Sink, type Reader as StreamReader } from '../event-stream.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import type { Scope } from './caller.ts'
import { addSubscriptionMetrics } from './subscription-metrics.ts'

export type ListName = ListScope['list']
export const LIST_NAMES: readonly ListName[] = ['prompts', 'tools', 'resources']

/** One open stream that is told when a list has changed. */
export interface Subscription {
  readonly workspaceId: string
  readonly scope: Scope
  /** What is written when a list has changed; a list without a frame was not asked for. */
  readonly frames: Partial<Record<ListName, string | Uint8Array>>
  /** Written before the server closes the stream. */
  readonly farewell?: string | undefined
  readonly sink: Sink
}

/** Everybody in this process who waits for changed lists. */
export interface Subscriptions {
  readonly size: number
  readonly isFull: boolean
  /** Adds a stream and answers how to remove it; undefined: as many as allowed are open. */
  open(subscription: Subscription): (() => void) | undefined
  closeAll(): void
}

const PRODUCTION = 'production'

/** The subscriptions of this process, fed by its change feed. */
export function subscriptions(): Subscriptions {
  return getRuntime().once('mcp.subscriptions', (runtime) => {
    const created = createSubscriptions(runtime)
    addSubscriptionMetrics(created)
    return created
  })
}

/** The parts of the runtime that subscriptions need. */
interface Surroundings {
  readonly config: { mcp: Pick<Runtime['config']['mcp'], 'max_subscriptions' | 'list_changed_window_ms'> }
  readonly feed: Pick<Runtime['feed'], 'onChange' | 'onReset'>
  readonly onShutdown: Runtime['onShutdown']
}

interface Reader extends Subscription, StreamReader {
  /** Lists that changed and were not told yet; bounded by their number, however slow the reader is. */
  readonly pending: Set<ListName>
}

/**
 * Changes within `mcp.list_changed_window_ms` make one notification. A slow reader is told once it can
 * read again, with what has changed by then.
 */
export function createSubscriptions(runtime: Surroundings): Subscriptions {
  const { max_subscriptions: limit, list_changed_window_ms: window } = runtime.config.mcp
  const readers = new Set<Reader>()
  let dueTimer: NodeJS.Timeout | undefined
  let draining = false

  function mark(matches: (reader: Reader) => Iterable<ListName>): void {
    let marked = false
    for (const reader of readers)
      for (const list of matches(reader)) {
        reader.pending.add(list)
        marked = true
      }
    if (marked) dueTimer ??= setTimeout(flush, window)
  }

  function flush(): void {
    dueTimer = undefined
    inTurns(readers, tell)
  }

  runtime.feed.onChange((notice) => {
    if (readers.size > 0 && notice.lists.length > 0) mark((reader) => changedLists(notice, reader))
  })
  runtime.feed.onReset((workspaceId) =>
    mark((reader) => (reader.workspaceId === workspaceId ? LIST_NAMES : [])),
  )
  const keepAlive = setInterval(
    () =>
      inTurns(readers, (reader) => {
        if (keepOpen(reader)) return
        readers.delete(reader)
        reader.sink.end()
      }),
    KEEP_ALIVE_MS,
  )
  keepAlive.unref()

  function closeAll(): void {
    for (const reader of readers) {
      if (reader.farewell !== undefined) reader.sink.write(reader.farewell)
      reader.sink.end()
    }
    readers.clear()
  }
  runtime.onShutdown('drain', 'mcp.subscriptions', () => {
    draining = true
    clearInterval(keepAlive)
    clearTimeout(dueTimer)
    closeAll()
  })

  return {
    get size() {
      return readers.size
    },
    get isFull() {
      return draining || readers.size >= limit
    },
    open(subscription) {
      if (draining || readers.size >= limit) return undefined
      const reader: Reader = { ...subscription, pending: new Set(), full: false, silent: 0 }
      readers.add(reader)
      reader.sink.onDrain(() => {
        reader.full = false
        reader.silent = 0
        tell(reader)
      })
      return () => void readers.delete(reader)
    },
    closeAll,
  }
}

function tell(reader: Reader): void {
  for (const list of reader.pending) {
    if (reader.full) return
    reader.pending.delete(list)
    const frame = reader.frames[list]
    if (frame !== undefined) reader.full = !reader.sink.write(frame)
  }
}

/** The lists that look different to a reader after a change. */
export function changedLists(
  notice: ChangeNotice,
  reader: Pick<Reader, 'workspaceId' | 'scope'>,
): ListName[] {
  if (notice.workspace_id !== reader.workspaceId) return []
  const label = reader.scope.label ?? PRODUCTION
  const { category } = reader.scope
  return notice.lists.flatMap((changed) =>
    (changed.label === null || changed.label === label) &&
    (category === null || changed.category === category)
      ? [changed.list]
      : [],
  )
}
