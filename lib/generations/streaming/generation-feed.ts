import { inTurns, keepOpen, type Reader, type Sink } from '../../event-stream.ts'
import { cutText } from '../../text.ts'
import type { Generation, GenerationEvent } from '../schema.ts'
import type { GenerationStatus } from '../status.ts'

/** A place in the text of a generation: which attempt, and how much of its text, in UTF-16 units. */
export interface Place {
  attempt: number
  position: number
}

type AttemptError = Generation['error']

/** What is known of a generation between its pieces of text. */
export interface Progress {
  status: GenerationStatus
  /** 0 before the first. */
  attempt: number
  configuration: string
  /** Why the attempt before this one ended. */
  lastError: AttemptError
}

interface Follower extends Reader, Place {
  /** Status and attempt that it was told last. */
  told: string
}

/** How a generation stands that was read whole. An attempt that waits for its turn is not told of. */
export function progressOf({ status, attempts, configuration }: Generation): Progress {
  const begun = attempts.filter((each) => each.status !== 'waiting')
  const last = begun.at(-1)
  return {
    status,
    attempt: last?.attempt ?? 0,
    configuration: last?.configuration ?? configuration,
    lastError: begun.at(-2)?.error ?? null,
  }
}

/** An event; the id is where a browser goes on from when it reconnects. */
function frame(event: GenerationEvent, { attempt, position }: Place): string {
  return `event: ${event.type}\nid: ${attempt}.${position}\ndata: ${JSON.stringify(event)}\n\n`
}

/**
 * One generation and its followers in this process. The feed keeps the text once for all of them: a follower is no
 * more than a place in it, so a slow follower costs nothing, and gets the text that it missed as one larger piece.
 */
export class GenerationFeed {
  readonly #followers = new Set<Follower>()
  readonly #watchers = new Set<() => void>()
  #progress: Progress
  #text = ''
  #finished: Generation | undefined
  /** The attempt that runs in this process tells its pieces itself: nobody has to look for them. */
  isLive = false
  #isClosed = false

  constructor(progress: Progress) {
    this.#progress = progress
  }

  get size(): number {
    return this.#followers.size
  }

  /** Whether it has neither followers nor watchers. */
  get isIdle(): boolean {
    return this.#followers.size === 0 && this.#watchers.size === 0
  }

  get progress(): Progress {
    return this.#progress
  }

  /** How far the text is known here. */
  get place(): Place {
    return { attempt: this.#progress.attempt, position: this.#text.length }
  }

  get finished(): Generation | undefined {
    return this.#finished
  }

  /** Nothing more will be told: the generation is gone, or the process is to end. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Adds a follower that has seen the text up to a place; the answer removes it. */
  join(sink: Sink, place: Place): () => void {
    const follower: Follower = { sink, ...place, told: '', full: false, silent: 0 }
    this.#followers.add(follower)
    sink.onDrain(() => {
      follower.full = false
      follower.silent = 0
      this.#tell(follower)
    })
    this.#tell(follower)
    return () => void this.#followers.delete(follower)
  }

  /** Calls a listener whenever something is new; the answer stops that. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener)
    return () => void this.#watchers.delete(listener)
  }

  /** Tells how it stands. A new attempt begins with an empty text. */
  advance(progress: Progress): void {
    if (this.#finished !== undefined || progress.attempt < this.#progress.attempt) return
    if (progress.attempt > this.#progress.attempt) this.#text = ''
    this.#progress = progress
    this.#tellAll()
  }

  /** Adds a piece of the current attempt's text, without the part that is known already. */
  append({ attempt, position }: Place, text: string): void {
    if (attempt !== this.#progress.attempt || this.#finished !== undefined) return
    const known = this.#text.length - position
    if (known < 0 || known >= text.length) return
    this.#text += known === 0 ? text : text.slice(known)
    this.#tellAll()
  }

  /** Tells the end; each follower's stream ends once it has read everything. */
  finish(generation: Generation): void {
    if (this.#finished !== undefined) return
    this.#progress = progressOf(generation)
    this.#text = generation.text ?? ''
    this.#finished = generation
    this.#tellAll()
  }

  /** Sends keep-alives and drops followers that do not read. */
  keepAlive(): void {
    inTurns(this.#followers, (follower) => {
      if (!keepOpen(follower)) this.#end(follower)
    })
  }

  close(): void {
    this.#isClosed = true
    for (const follower of this.#followers) this.#end(follower)
    for (const call of this.#watchers) call()
  }

  #tellAll(): void {
    inTurns(this.#followers, (follower) => this.#tell(follower))
    for (const call of this.#watchers) call()
  }

  #tell(follower: Follower): void {
    for (let event = this.#next(follower); event !== undefined; event = this.#next(follower)) {
      follower.full = !follower.sink.write(frame(event, follower))
      if (event.type === 'finished') return this.#end(follower)
    }
  }

  /** What a follower has to hear next; its place moves on. */
  #next(follower: Follower): GenerationEvent | undefined {
    if (follower.full || !this.#followers.has(follower)) return undefined
    const { status, attempt, configuration, lastError } = this.#progress
    // Another instance has told of an attempt that this one hears of in a moment.
    if (follower.attempt > attempt && this.#finished === undefined) return undefined
    if (follower.attempt !== attempt) {
      // A follower that has seen no attempt before has no text that would be void.
      const isRestart = follower.attempt > 0
      Object.assign(follower, { attempt, position: 0 })
      if (isRestart) return { type: 'restart', attempt, error: lastError }
    }
    const state = `${status} ${attempt} ${configuration}`
    if (this.#finished === undefined && follower.told !== state) {
      follower.told = state
      return { type: 'state', status, attempt, configuration }
    }
    // A place that somebody made up may lie within a character.
    const position = cutText(this.#text, follower.position).length
    if (position < this.#text.length) {
      follower.position = this.#text.length
      return { type: 'text', attempt, position, text: this.#text.slice(position) }
    }
    return this.#finished === undefined ? undefined : { type: 'finished', generation: this.#finished }
  }

  #end(follower: Follower): void {
    this.#followers.delete(follower)
    follower.sink.end()
  }
}
