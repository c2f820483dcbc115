import { inTurns, keepOpen, type Reader, type Sink } from '../event-stream.ts'
import type { ChangeEvent } from './schema.ts'

/** A change as it is sent; kept for those who are behind. */
interface Frame {
  revision: number
  text: string
}

interface Follower extends Reader {
  readonly hears: (topic: string) => boolean
  /** Topics of news that it was not told of yet. */
  readonly news: Set<string>
  /** Revision up to which it was told everything. */
  position: number
}

/** An event; the id is what a browser names when it reconnects. */
export function frame(event: 'hello' | 'change' | 'reset', revision: number, data: object): string {
  return `event: ${event}\nid: ${revision}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Without an id: nobody resumes after it. */
function newsFrame(topic: string): string {
  return `event: news\ndata: ${JSON.stringify({ topic })}\n\n`
}

/**
 * Those who follow the changes of one workspace, as far as they may read the same. The last changes are kept once for all: a follower is no
 * more than a place among them, so a slow one costs nothing. One that falls behind what is kept is told to
 * read everything again.
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

  /** Whether who has seen this revision needs nothing but what is kept. */
  reaches(revision: number): boolean {
    return revision >= this.#base
  }

  /**
   * Adds a follower who has seen a revision; the answer removes it.
   * @param hears of which topics it may hear news
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

  /** Tells changes, in order, and that everything up to a revision has been told. */
  push(changes: readonly ChangeEvent[], upTo: number): void {
    for (const change of changes)
      this.#frames.push({ revision: change.revision, text: frame('change', change.revision, change) })
    this.#told = Math.max(this.#told, upTo)
    const surplus = this.#frames.splice(0, Math.max(0, this.#frames.length - this.#backlog))
    this.#base = surplus.at(-1)?.revision ?? this.#base
    inTurns(this.#followers, (follower) => this.#tell(follower))
  }

  /** Tells that something of a topic is new. Who reads slowly is told once, however often it was. */
  news(topic: string): void {
    for (const { news, hears } of this.#followers) if (hears(topic)) news.add(topic)
    inTurns(this.#followers, (follower) => this.#tell(follower))
  }

  /** Forgets what is kept: everybody has to read again. */
  reset(revision: number): void {
    this.#frames = []
    this.#base = revision
    this.#told = revision
    for (const follower of this.#followers) follower.position = -1
    inTurns(this.#followers, (follower) => this.#tell(follower))
  }

  /** Sends keep-alives and lets go of who does not read. */
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
