import { Gauge } from 'prom-client'
import type { Actor } from '../access/actor.ts'
import { ActorStreams } from '../access/actor-streams.ts'
import type { ChangeNotice, ListScope } from '../db/notice.ts'
import { inTurns, KEEP_ALIVE_MS, keepOpen, type Sink, type Reader as StreamReader } from '../event-stream.ts'
import { metrics } from '../metrics.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import type { Scope } from './caller.ts'

export type ListName = ListScope['list']
export const LIST_NAMES: readonly ListName[] = ['prompts', 'tools', 'resources']

/** One open stream that is told when a list has changed. */
export interface Subscription {
  readonly actor: Actor
  readonly scope: Pick<Scope, 'label' | 'category'>
  /** What is written when a list or a resource (by its URI) has changed; what has no frame was not asked for. */
  readonly frames: Readonly<Partial<Record<string, string | Uint8Array>>>
  /** Resources that are watched one by one. */
  readonly watched?: readonly Watched[]
  /** Written before the server closes the stream. */
  readonly farewell?: string | undefined
  readonly sink: Sink
}

/** A resource as a client named it, and what it is about. */
export type Watched = { readonly uri: string } & (
  | { readonly kind: 'prompt'; readonly id: string }
  | { readonly kind: 'category'; readonly slug: string }
)

/** Everybody in this process who waits for changed lists. */
export interface Subscriptions {
  readonly size: number
  /** Whether an actor gets no place. */
  isFullFor(actor: Actor): boolean
  /** Adds a stream and answers how to remove it; undefined: there is no place. */
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
  readonly workspaceId: string
  /** Lists and resources that changed and were not told yet; bounded by what was asked for, however slow the reader is. */
  readonly pending: Set<string>
}

/**
 * Changes within `mcp.list_changed_window_ms` make one notification. A slow reader is told once it can
 * read again, with what has changed by then.
 */
export function createSubscriptions(runtime: Surroundings): Subscriptions {
  const { max_subscriptions: limit, list_changed_window_ms: window } = runtime.config.mcp
  const readers = new Set<Reader>()
  const streams = new ActorStreams({ limit, feed: runtime.feed })
  let dueTimer: NodeJS.Timeout | undefined
  let draining = false

  function mark(matches: (reader: Reader) => Iterable<string>): void {
    let marked = false
    for (const reader of readers)
      for (const changed of matches(reader)) {
        reader.pending.add(changed)
        marked = true
      }
    if (marked) dueTimer ??= setTimeout(flush, window)
  }

  function flush(): void {
    dueTimer = undefined
    inTurns(readers, tell)
  }

  runtime.feed.onChange((notice) => {
    if (readers.size > 0)
      mark((reader) => [...changedLists(notice, reader), ...changedResources(notice, reader)])
  })
  runtime.feed.onReset((workspaceId) =>
    mark((reader) => (reader.workspaceId === workspaceId ? [...LIST_NAMES, ...urisOf(reader)] : [])),
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
      return streams.size
    },
    isFullFor: ({ workspaceId }) => draining || streams.isFullFor(workspaceId),
    open(subscription) {
      if (draining) return undefined
      const { actor, sink, farewell } = subscription
      const { workspaceId } = actor
      const join = (held: Sink) => {
        const state = { workspaceId, sink: held, pending: new Set<string>(), full: false, silent: 0 }
        const reader: Reader = { ...subscription, ...state }
        readers.add(reader)
        held.onDrain(() => {
          reader.full = false
          reader.silent = 0
          tell(reader)
        })
        return () => void readers.delete(reader)
      }
      return streams.open(actor, sink, join, farewell)
    },
    closeAll,
  }
}

function tell(reader: Reader): void {
  for (const changed of reader.pending) {
    if (reader.full) return
    reader.pending.delete(changed)
    const frame = reader.frames[changed]
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

function urisOf({ watched = [] }: Pick<Reader, 'watched'>): string[] {
  return watched.map(({ uri }) => uri)
}

/** Saved inputs of a prompt are no part of its resource. */
const OUTSIDE = /^example\./

/** The URIs of those watched resources whose text may be another after a change. */
function changedResources(
  { workspace_id, targets, lists }: ChangeNotice,
  { workspaceId, scope, watched = [] }: Pick<Reader, 'workspaceId' | 'scope' | 'watched'>,
): string[] {
  if (watched.length === 0 || workspace_id !== workspaceId) return []
  const prompts = new Set(
    targets.flatMap(({ kind, id, action }) => (kind === 'prompt' && !OUTSIDE.test(action) ? [id] : [])),
  )
  const label = scope.label ?? PRODUCTION
  const slugs = new Set([
    ...targets.flatMap(({ kind, name }) => (kind === 'category' ? [name] : [])),
    ...lists.flatMap((each) =>
      each.list === 'resources' && (each.label ?? label) === label ? [each.category] : [],
    ),
  ])
  return watched
    .filter((each) => (each.kind === 'prompt' ? prompts.has(each.id) : slugs.has(each.slug)))
    .map(({ uri }) => uri)
}

/** Adds the number of open notification streams to /metrics. */
function addSubscriptionMetrics(subscriptions: { readonly size: number }): void {
  const gauge = new Gauge({
    name: 'incipit_mcp_subscriptions',
    help: 'Open MCP notification streams',
    registers: [],
    collect() {
      this.set(subscriptions.size)
    },
  })
  metrics().registry.registerMetric(gauge)
}
