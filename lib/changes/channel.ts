import { inTurns, keepOpen, type Reader, type Sink } from '../event-stream.ts'
import type { ChangeEvent } from './schema.ts'

/** A change as it is sent; kept for followers that are behind. */
interface Frame {
  revision: number
  text: string
}

interface Follower extends Reader {
  readonly hears: (topic: string) => boolean
  /** Topics of news that are yet to be sent to it. */
  readonly news: Set<string>
  /** Revision up to which everything was sent to it. */
  position: number
}

/** An event; the id is what a browser names when it reconnects. */
export function frame(event: 'hello' | 'change' | 'reset', revision: number, data: object): string {
  return `event: ${event}\nid: ${revision}\ndata: ${JSON.stringify(data)}\n\n`
}

/** News have no id: no reader resumes after them. */
function newsFrame(topic: string): string {
  return `event: news\ndata: ${JSON.stringify({ topic })}\n\n`
}

/**
 * The followers of one workspace with the same visibility. The last changes are kept once for all of them. A
 * follower is a position among those changes, so a slow one costs nothing. A follower that falls behind them
 * gets a `reset` and reads everything again.
 */
export class Channel {
  readonly #followers = new Set<Follower>()
  readonly #backlog: number
  #frames: Frame[] = []
  /** Everything after this revision is among the frames. */
  #base: number
  #told: number

  constructor(revision: number, backlog: number) {
    this.#base = revision
    this.#told = revision
    this.#backlog = backlog
  }

  get size(): number {
    return this.#followers.size
  }

  /** Revision up to which everything is among the frames, or was. */
  get told(): number {
    return this.#told
  }

  /** Whether the kept changes are enough for a follower that has seen this revision. */
  reaches(revision: number): boolean {
    return revision >= this.#base
  }

  /**
   * Adds a follower that has seen a revision; the returned function removes it.
   * @param hears whether it may hear news of a topic
   */
  join(sink: Sink, position: number, hears: (topic: string) => boolean): () => void {
    const follower: Follower = { sink, position, hears, news: new Set(), full: false, silent: 0 }
    this.#followers.add(follower)
    sink.onDrain(() => {
      follower.full = false
      follower.silent = 0
      this.#tell(follower)
    })
    this.#tell(follower)
    return () => void this.#followers.delete(follower)
  }

  /** Sends changes, in order, and notes that everything up to a revision was sent. */
  push(changes: readonly ChangeEvent[], upTo: number): void {
    for (const change of changes)
      this.#frames.push({ revision: change.revision, text: frame('change', change.revision, change) })
    this.#told = Math.max(this.#told, upTo)
    const surplus = this.#frames.splice(0, Math.max(0, this.#frames.length - this.#backlog))
    this.#base = surplus.at(-1)?.revision ?? this.#base
    inTurns(this.#followers, (follower) => this.#tell(follower))
  }

  /** Sends news of a topic. A slow reader gets them once, however often they came. */
  news(topic: string): void {
    for (const { news, hears } of this.#followers) if (hears(topic)) news.add(topic)
    inTurns(this.#followers, (follower) => this.#tell(follower))
  }

  /** Forgets the kept changes: every follower reads again. */
  reset(revision: number): void {
    this.#frames = []
    this.#base = revision
    this.#told = revision
    for (const follower of this.#followers) follower.position = -1
    inTurns(this.#followers, (follower) => this.#tell(follower))
  }

  /** Sends keep-alives and drops followers that do not read. */
  keepAlive(): void {
    inTurns(this.#followers, (follower) => {
      if (keepOpen(follower)) return
      this.#followers.delete(follower)
      follower.sink.end()
    })
  }

  close(): void {
    for (const { sink } of this.#followers) sink.end()
    this.#followers.clear()
  }

  #tell(follower: Follower): void {
    this.#tellChanges(follower)
    for (const topic of follower.news) {
      if (follower.full) return
      follower.news.delete(topic)
      follower.full = !follower.sink.write(newsFrame(topic))
    }
  }

  #tellChanges(follower: Follower): void {
    if (follower.full || follower.position >= this.#told) return
    if (follower.position < this.#base) {
      follower.position = this.#told
      follower.full = !follower.sink.write(frame('reset', this.#told, { revision: this.#told }))
      return
    }
    for (const { revision, text } of this.#frames) {
      if (revision <= follower.position) continue
      follower.position = revision
      follower.full = !follower.sink.write(text)
      if (follower.full) return
    }
    follower.position = this.#told
  }
}
