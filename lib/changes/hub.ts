import type { Actor } from '../access/actor.ts'
import { ActorStreams } from '../access/actor-streams.ts'
import type { News } from '../db/changes/notice.ts'
import { onPrimary } from '../db/read.ts'
import { KEEP_ALIVE_MS, type Sink } from '../event-stream.ts'
import { showStreams } from '../held-metrics.ts'
import { type Throttle, throttle } from '../pacing.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { type ChangeView, readChanges } from './change-log.ts'
import { Channel } from './channel.ts'
import { mayHearOf, readableKinds } from './policy.ts'
import type { ChangeEvent } from './schema.ts'

/** News of one kind are passed on once in this time. */
const NEWS_MS = 250

/** A change that could not be read is tried again after this time. */
const RETRY_MS = 1000

/** The hub of this process, fed by its change feed. */
export function changeHub(): ChangeHub {
  return getRuntime().once('changes.hub', (runtime) => {
    const hub = new ChangeHub(runtime, (view, after, upTo) =>
      onPrimary(({ pool }) => readChanges(pool, view, after, upTo)),
    )
    showStreams('changes', () => hub.size)
    return hub
  })
}

/** The parts of the runtime that the hub needs. */
export interface HubRuntime {
  readonly config: { limits: Pick<Runtime['config']['limits'], 'change_streams' | 'change_backlog'> }
  readonly feed: Pick<Runtime['feed'], 'onChange' | 'onReset' | 'onNews' | 'seen'>
  readonly onShutdown: Runtime['onShutdown']
  readonly log: Pick<Runtime['log'], 'debug'>
}

type ReadChanges = (view: ChangeView, after: number, upTo: number) => Promise<ChangeEvent[]>

/** Followers with the same visibility: changes are read and kept once for all of them. */
interface Audience {
  readonly view: ChangeView
  readonly channel: Channel
  /** Newest revision that is yet to be sent to it. */
  wanted: number
  isReading: boolean
}

/**
 * All followers of changes in this process. A notification lacks the actor and the request of a change: they are
 * read from the audit log, once for each audience.
 */
export class ChangeHub {
  readonly #audiences = new Map<string, Audience>()
  readonly #streams: ActorStreams
  readonly #runtime: HubRuntime
  readonly #read: ReadChanges
  readonly #news: Throttle
  #isDraining = false

  constructor(runtime: HubRuntime, read: ReadChanges) {
    const { config, feed } = runtime
    this.#runtime = runtime
    this.#read = read
    this.#streams = new ActorStreams({ limit: config.limits.change_streams, feed })
    feed.onChange(({ workspace_id, revision }) => {
      for (const audience of this.#of(workspace_id)) void this.#catchUp(audience, revision)
    })
    feed.onReset((workspaceId, revision) => {
      for (const { channel } of this.#of(workspaceId)) channel.reset(revision)
    })
    // Each instance keeps to the pace, and there may be many of them.
    this.#news = throttle((key) => {
      const { workspace_id, topic }: News = JSON.parse(key)
      for (const { channel } of this.#of(workspace_id)) channel.news(topic)
    }, NEWS_MS)
    feed.onNews(({ workspace_id, topic }) => {
      if (this.#of(workspace_id).length > 0) this.#news.call(JSON.stringify({ workspace_id, topic }))
    })
    const keepAlive = setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS)
    keepAlive.unref()
    runtime.onShutdown('drain', 'changes.hub', () => {
      clearInterval(keepAlive)
      this.#close()
    })
  }

  get size(): number {
    return this.#streams.size
  }

  /** Whether an actor gets no place. */
  isFullFor(actor: Actor): boolean {
    return this.#isDraining || this.#streams.isFullFor(actor.workspaceId)
  }

  /** Whether an actor that has seen this revision needs nothing from the audit log. */
  reaches(actor: Actor, revision: number): boolean {
    const audience = this.#audiences.get(keyOf(viewOf(actor)))
    if (audience === undefined) return revision >= this.#runtime.feed.seen(actor.workspaceId)
    return audience.channel.reaches(revision)
  }

  /** Adds a follower that has seen a revision; undefined: there is no place. */
  join(actor: Actor, sink: Sink, position: number): (() => void) | undefined {
    if (this.#isDraining) return undefined
    return this.#streams.open(actor, sink, (held) => {
      const view = viewOf(actor)
      const audience = this.#audienceOf(view, position)
      const leave = audience.channel.join(held, position, (topic) => mayHearOf(actor, topic))
      void this.#catchUp(audience, this.#runtime.feed.seen(actor.workspaceId))
      return () => {
        leave()
        if (audience.channel.size === 0 && this.#isCurrent(audience)) this.#audiences.delete(keyOf(view))
      }
    })
  }

  #of(workspaceId: string): Audience[] {
    return [...this.#audiences.values()].filter(({ view }) => view.workspaceId === workspaceId)
  }

  #audienceOf(view: ChangeView, position: number): Audience {
    const { change_backlog: backlog } = this.#runtime.config.limits
    const known = this.#audiences.get(keyOf(view))
    const audience = known ?? { view, channel: new Channel(position, backlog), wanted: 0, isReading: false }
    this.#audiences.set(keyOf(view), audience)
    return audience
  }

  #isCurrent(audience: Audience): boolean {
    return this.#audiences.get(keyOf(audience.view)) === audience
  }

  async #catchUp(audience: Audience, revision: number): Promise<void> {
    audience.wanted = Math.max(revision, audience.wanted)
    if (audience.isReading) return
    audience.isReading = true
    try {
      while (this.#isCurrent(audience) && audience.channel.told < audience.wanted)
        await this.#advance(audience, audience.wanted)
    } catch (error) {
      this.#runtime.log.debug({ err: error }, 'changes could not be read; they are tried again')
      setTimeout(() => void this.#catchUp(audience, 0), RETRY_MS).unref()
    }
    audience.isReading = false
  }

  async #advance({ view, channel }: Audience, revision: number): Promise<void> {
    if (revision - channel.told > this.#runtime.config.limits.change_backlog) return channel.reset(revision)
    const after = channel.told
    const changes = await this.#read(view, after, revision)
    // A reset that came meanwhile covers these changes.
    if (channel.told === after) channel.push(changes, revision)
  }

  #keepAlive(): void {
    for (const [key, { channel }] of this.#audiences) {
      channel.keepAlive()
      if (channel.size === 0) this.#audiences.delete(key)
    }
  }

  #close(): void {
    this.#isDraining = true
    this.#news.end()
    for (const { channel } of this.#audiences.values()) channel.close()
    this.#audiences.clear()
  }
}

/** The changes that an actor may see. */
export function viewOf(actor: Actor): ChangeView {
  return { workspaceId: actor.workspaceId, kinds: readableKinds(actor) }
}

function keyOf({ workspaceId, kinds }: ChangeView): string {
  return [workspaceId, ...kinds].join(' ')
}
