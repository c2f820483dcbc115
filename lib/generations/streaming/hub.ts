import type { Actor } from '../../access/actor.ts'
import { ActorStreams } from '../../access/actor-streams.ts'
import { KEEP_ALIVE_MS, type Sink } from '../../event-stream.ts'
import { showStreams } from '../../held-metrics.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { type Generation } from '../schema.ts'
import { isFinished } from '../status.ts'
import { GenerationFeed, type Place, type Progress, progressOf } from './generation-feed.ts'
import { createPoller, type Poller } from './poller.ts'
import type { ProgressRequest, StoredProgress, Target } from './read-progress.ts'

/** An attempt that runs in this process. */
export interface LiveAttempt {
  /** Aborted when somebody stops the generation, at this instance or another one. */
  readonly signal: AbortSignal
  /** Tells a piece of its text to everybody here, at once. */
  push(piece: string): void
  /** The attempt is over, whatever its outcome: the stored row counts now. */
  end(): void
}

export interface WaitOptions {
  ms: number
  signal?: AbortSignal | undefined
  /** Called whenever something is new before the end, with the length of the text so far. */
  onProgress?: ((progress: Progress, length: number) => void) | undefined
}

interface Followed {
  readonly workspaceId: string
  readonly feed: GenerationFeed
}

/** A place after every text: nothing of it is read. */
const NO_TEXT = 2_147_483_647

/** The hub of this process. */
export function generationHub(): GenerationHub {
  return getRuntime().once('generations.hub', (runtime) => {
    const hub = new GenerationHub(runtime)
    showStreams('generation', () => hub.streams)
    return hub
  })
}

/**
 * Generations that are followed, waited for or run in this process. The text of those that run here is told as it
 * arrives; one query reads the text of all others from their rows.
 */
export class GenerationHub {
  readonly #followed = new Map<string, Followed>()
  readonly #running = new Map<string, AbortController>()
  readonly #streams: ActorStreams
  readonly #poller: Poller
  #isDraining = false

  constructor(runtime: Pick<Runtime, 'config' | 'feed' | 'log' | 'onShutdown'>) {
    const { config, feed: changes } = runtime
    this.#streams = new ActorStreams({ limit: config.limits.generation_streams, feed: changes })
    this.#poller = createPoller(runtime.log, {
      wanted: () => this.#wanted(),
      found: (found) => this.#found(found),
      finished: (id, generation) => this.#finish(id, generation),
    })
    const keepAlive = setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS)
    keepAlive.unref()
    runtime.onShutdown('drain', 'generations.hub', () => {
      this.#isDraining = true
      clearInterval(keepAlive)
      for (const { feed } of this.#followed.values()) feed.close()
    })
    runtime.onShutdown('close', 'generations.hub', () => this.#poller.stop())
  }

  /** Open streams. */
  get streams(): number {
    return this.#streams.size
  }

  /** Attempts that run here. */
  get running(): number {
    return this.#running.size
  }

  /** Whether an actor gets no place for a stream. */
  isFullFor(actor: Actor): boolean {
    return this.#isDraining || this.#streams.isFullFor(actor.workspaceId)
  }

  /** Adds a follower that has seen the text up to a place; undefined: there is no place. */
  follow(actor: Actor, known: Generation, sink: Sink, place: Place): (() => void) | undefined {
    if (this.#isDraining) return undefined
    const { id } = known
    return this.#streams.open(actor, sink, (held) => {
      const leave = this.#feedOfKnown({ workspaceId: actor.workspaceId, id }, known).join(held, place)
      this.#poller.start()
      return () => {
        leave()
        this.#forgetIdle(id)
      }
    })
  }

  /**
   * Waits for the end; undefined when it does not come within the time, nobody waits any more, the generation is
   * gone, or the process is to end.
   * @param known as it was read, or how it stands when it was just written
   */
  waitFor(
    target: Target,
    known: Generation | Progress,
    options: WaitOptions,
  ): Promise<Generation | undefined> {
    if ('id' in known && isFinished(known.status)) return Promise.resolve(known)
    const { signal, ms, onProgress } = options
    if (this.#isDraining || ms <= 0 || signal?.aborted === true) return Promise.resolve(undefined)
    const feed = 'id' in known ? this.#feedOfKnown(target, known) : this.#feedOf(target, known)
    if (feed.finished !== undefined) return Promise.resolve(feed.finished)
    const waiting = new Promise<Generation | undefined>((resolve) => {
      const stop = (result: Generation | undefined) => {
        clearTimeout(clock)
        unwatch()
        signal?.removeEventListener('abort', giveUp)
        this.#forgetIdle(target.id)
        resolve(result)
      }
      const giveUp = () => stop(undefined)
      const clock = setTimeout(giveUp, ms)
      const unwatch = feed.watch(() => {
        if (feed.finished !== undefined || feed.isClosed) stop(feed.finished)
        else onProgress?.(feed.progress, feed.place.position)
      })
      signal?.addEventListener('abort', giveUp)
    })
    this.#poller.start()
    return waiting
  }

  /** Takes note of an attempt that begins here. */
  begin(target: Target, progress: Progress): LiveAttempt {
    const stopping = new AbortController()
    // The older attempt was taken for dead: its text is dropped, and more of it must not be paid for.
    this.#running.get(target.id)?.abort()
    this.#running.set(target.id, stopping)
    const feed = this.#feedOf(target, progress)
    feed.isLive = true
    feed.advance(progress)
    this.#poller.start()
    let position = 0
    return {
      signal: stopping.signal,
      push: (piece) => {
        // Of an attempt that another one has followed, the feed takes nothing.
        feed.append({ attempt: progress.attempt, position }, piece)
        position += piece.length
      },
      end: () => {
        if (this.#running.get(target.id) !== stopping) return
        this.#running.delete(target.id)
        feed.isLive = false
        this.look(target.id)
      },
    }
  }

  /** Aborts the attempt that runs here, if one does. */
  abort(id: string): void {
    this.#running.get(id)?.abort()
  }

  /** Says that something about a generation was stored. */
  look(id: string): void {
    const followed = this.#followed.get(id)
    if (followed === undefined) return
    if (followed.feed.isIdle) this.#forgetIdle(id)
    else this.#poller.lookAt({ workspaceId: followed.workspaceId, id })
  }

  #feedOfKnown(target: Target, known: Generation): GenerationFeed {
    const feed = this.#feedOf(target, progressOf(known))
    if (isFinished(known.status)) feed.finish(known)
    else if (!feed.isLive) {
      const progress = progressOf(known)
      feed.advance(progress)
      feed.append({ attempt: progress.attempt, position: 0 }, known.text ?? '')
    }
    return feed
  }

  #feedOf({ workspaceId, id }: Target, progress: Progress): GenerationFeed {
    const known = this.#followed.get(id)
    if (known !== undefined) return known.feed
    const feed = new GenerationFeed(progress)
    this.#followed.set(id, { workspaceId, feed })
    return feed
  }

  #forgetIdle(id: string): void {
    const feed = this.#followed.get(id)?.feed
    if (feed?.isIdle === true && !feed.isLive) this.#followed.delete(id)
  }

  *#wanted(): Iterable<ProgressRequest> {
    for (const [id, { workspaceId, feed }] of this.#followed) {
      if (feed.finished !== undefined || feed.isClosed) continue
      const { attempt, position } = feed.place
      yield { workspaceId, id, attempt, position: feed.isLive ? NO_TEXT : position }
    }
  }

  #found({ id, text, position, cancelRequested, ...progress }: StoredProgress): void {
    if (cancelRequested) this.abort(id)
    const feed = this.#followed.get(id)?.feed
    if (feed === undefined || feed.isLive) return
    feed.advance(progress)
    feed.append({ attempt: progress.attempt, position }, text)
  }

  /** `generation` undefined: it is gone, and needs no answer. */
  #finish(id: string, generation: Generation | undefined): void {
    const feed = this.#followed.get(id)?.feed
    if (generation === undefined) {
      this.abort(id)
      feed?.close()
    } else feed?.finish(generation)
    this.#forgetIdle(id)
  }

  #keepAlive(): void {
    for (const [id, { feed }] of this.#followed) {
      feed.keepAlive()
      this.#forgetIdle(id)
    }
  }
}
