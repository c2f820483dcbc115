import type { Actor } from '../access/actor.ts'
import { ActorStreams } from '../access/actor-streams.ts'
import type { ChangeNotice, ListScope } from '../db/changes/notice.ts'
import { inTurns, KEEP_ALIVE_MS, keepOpen, type Sink, type Reader as StreamReader } from '../event-stream.ts'
import { showStreams } from '../held-metrics.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import type { Scope } from './caller.ts'

export type ListName = ListScope['list']
export const LIST_NAMES: readonly ListName[] = ['prompts', 'tools', 'resources']

/** One open stream that is notified of changed lists. */
export interface Subscription {
  readonly actor: Actor
  readonly scope: Pick<Scope, 'label' | 'category'>
  /** The frame for each list and resource (by its URI) that the client asked for, written when it has changed. */
  readonly frames: Readonly<Partial<Record<string, string | Uint8Array>>>
  /** Resources that are watched one by one. */
  readonly watched?: readonly Watched[]
  /** Written before the server closes the stream. */
  readonly farewell?: string | undefined
  readonly sink: Sink
}

/** A resource: its URI as the client wrote it, and its subject. */
export type Watched = { readonly uri: string } & (
  | { readonly kind: 'prompt'; readonly id: string }
  | { readonly kind: 'category'; readonly slug: string }
)

const PRODUCTION = 'production'

/** The subscriptions of this process, fed by its change feed. */
export function subscriptions(): Subscriptions {
  return getRuntime().once('mcp.subscriptions', (runtime) => {
    const created = new Subscriptions(runtime)
    showStreams('mcp', () => created.size)
    return created
  })
}

/** The parts of the runtime that subscriptions need. */
interface SubscriptionRuntime {
  readonly config: { mcp: Pick<Runtime['config']['mcp'], 'max_subscriptions' | 'list_changed_window_ms'> }
  readonly feed: Pick<Runtime['feed'], 'onChange' | 'onReset'>
  readonly onShutdown: Runtime['onShutdown']
}

interface Reader extends Subscription, StreamReader {
  readonly workspaceId: string
  /** Lists and resources that changed and are yet to be notified. A slow reader cannot make it grow: the subscription bounds it. */
  readonly pending: Set<string>
}

/**
 * Every stream in this process that waits for changed lists. Changes within `mcp.list_changed_window_ms` are
 * coalesced into one notification. A slow reader gets it once it can read again, with the changes until then.
 */
export class Subscriptions {
  readonly #readers = new Set<Reader>()
  readonly #streams: ActorStreams
  readonly #windowMs: number
  readonly #keepAlive: NodeJS.Timeout
  #flushTimer: NodeJS.Timeout | undefined
  #isDraining = false

  constructor({ config, feed, onShutdown }: SubscriptionRuntime) {
    const { max_subscriptions: limit, list_changed_window_ms: windowMs } = config.mcp
    this.#windowMs = windowMs
    this.#streams = new ActorStreams({ limit, feed })
    feed.onChange((notice) => {
      if (this.#readers.size > 0)
        this.#mark((reader) => [...changedLists(notice, reader), ...changedResources(notice, reader)])
    })
    feed.onReset((workspaceId) =>
      this.#mark((reader) => (reader.workspaceId === workspaceId ? [...LIST_NAMES, ...urisOf(reader)] : [])),
    )
    this.#keepAlive = setInterval(() => this.#keepOpen(), KEEP_ALIVE_MS)
    this.#keepAlive.unref()
    onShutdown('drain', 'mcp.subscriptions', () => this.#drain())
  }

  get size(): number {
    return this.#streams.size
  }

  /** Whether an actor gets no place. */
  isFullFor({ workspaceId }: Actor): boolean {
    return this.#isDraining || this.#streams.isFullFor(workspaceId)
  }

  /** Adds a stream and returns the function that removes it; undefined: there is no place. */
  open(subscription: Subscription): (() => void) | undefined {
    if (this.#isDraining) return undefined
    const { actor, sink, farewell } = subscription
    return this.#streams.open(actor, sink, (held) => this.#join(subscription, held), farewell)
  }

  closeAll(): void {
    for (const reader of this.#readers) {
      if (reader.farewell !== undefined) reader.sink.write(reader.farewell)
      reader.sink.end()
    }
    this.#readers.clear()
  }

  #join(subscription: Subscription, sink: Sink): () => void {
    const { workspaceId } = subscription.actor
    const state = { workspaceId, sink, pending: new Set<string>(), full: false, silent: 0 }
    const reader: Reader = { ...subscription, ...state }
    this.#readers.add(reader)
    sink.onDrain(() => {
      reader.full = false
      reader.silent = 0
      notify(reader)
    })
    return () => void this.#readers.delete(reader)
  }

  #mark(matches: (reader: Reader) => Iterable<string>): void {
    let isMarked = false
    for (const reader of this.#readers)
      for (const changed of matches(reader)) {
        reader.pending.add(changed)
        isMarked = true
      }
    if (isMarked) this.#flushTimer ??= setTimeout(() => this.#flush(), this.#windowMs)
  }

  #flush(): void {
    this.#flushTimer = undefined
    inTurns(this.#readers, notify)
  }

  #keepOpen(): void {
    inTurns(this.#readers, (reader) => {
      if (keepOpen(reader)) return
      this.#readers.delete(reader)
      reader.sink.end()
    })
  }

  #drain(): void {
    this.#isDraining = true
    clearInterval(this.#keepAlive)
    clearTimeout(this.#flushTimer)
    this.closeAll()
  }
}

function notify(reader: Reader): void {
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

/** The URIs of the watched resources that a change may have changed. */
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
