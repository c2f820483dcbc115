import type { Actor } from '../../access/actor.ts'
import { ActorStreams } from '../../access/actor-streams.ts'
import { KEEP_ALIVE_MS, type Sink } from '../../event-stream.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { type Generation } from '../schema.ts'
import { isFinished } from '../status.ts'
import { addGenerationMetrics } from './generation-metrics.ts'
import { createPoller, type Poller } from './poller.ts'
import type { Found, Target, Wanted } from './read-progress.ts'
import { type Place, type Progress, progressOf, Track } from './track.ts'

/** An attempt that runs in this process. */
export interface LiveAttempt {
  /** Aborted when somebody stops the generation, at this instance or another one. */
  readonly signal: AbortSignal
  /** Tells a piece of its text to everybody here, at once. */
  push(piece: string): void
  /** It is over, whatever came of it: what is stored now counts. */
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
  readonly track: Track
}

/** A place after every text: nothing of it is read. */
const NO_TEXT = 2_147_483_647

/** The hub of this process. */
export function generationHub(): GenerationHub {
  return getRuntime().once('generations.hub', (runtime) => {
    const hub = new GenerationHub(runtime)
    addGenerationMetrics(hub)
    return hub
  })
}

/**
 * Generations that somebody follows, waits for or runs in this process. What runs here is told as it
 * arrives; what runs elsewhere is read from the rows, all of it in one query.
 */
export class GenerationHub {
  readonly #followed = new Map<string, Followed>()
  readonly #running = new Map<string, AbortController>()
  readonly #streams: ActorStreams
  readonly #poller: Poller
  #isDraining = false

  constructor(runtime: Pick<Runtime, 'config' | 'feed' | 'log' | 'onShutdown'>) {
    const { config, feed } = runtime
    this.#streams = new ActorStreams({ limit: config.limits.generation_streams, feed })
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
      for (const { track } of this.#followed.values()) track.close()
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
      const leave = this.#track({ workspaceId: actor.workspaceId, id }, known).join(held, place)
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
    const track = 'id' in known ? this.#track(target, known) : this.#trackOf(target, known)
    if (track.finished !== undefined) return Promise.resolve(track.finished)
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
      const unwatch = track.watch(() => {
        if (track.finished !== undefined || track.isClosed) stop(track.finished)
        else onProgress?.(track.progress, track.place.position)
      })
      signal?.addEventListener('abort', giveUp)
    })
    this.#poller.start()
    return waiting
  }

  /** Takes note of an attempt that begins here. */
  begin(target: Target, progress: Progress): LiveAttempt {
    const stopping = new AbortController()
    // It was taken for dead: what it still brings is nobody's, and nobody pays for more of it.
    this.#running.get(target.id)?.abort()
    this.#running.set(target.id, stopping)
    const track = this.#trackOf(target, progress)
    track.isLive = true
    track.advance(progress)
    this.#poller.start()
    let position = 0
    return {
      signal: stopping.signal,
      push: (piece) => {
        // Of an attempt that another one has followed, the track takes nothing.
        track.append({ attempt: progress.attempt, position }, piece)
        position += piece.length
      },
      end: () => {
        if (this.#running.get(target.id) !== stopping) return
        this.#running.delete(target.id)
        track.isLive = false
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
    if (followed.track.isIdle) this.#forgetIdle(id)
    else this.#poller.lookAt({ workspaceId: followed.workspaceId, id })
  }

  #track(target: Target, known: Generation): Track {
    const track = this.#trackOf(target, progressOf(known))
    if (isFinished(known.status)) track.finish(known)
    else if (!track.isLive) {
      const progress = progressOf(known)
      track.advance(progress)
      track.append({ attempt: progress.attempt, position: 0 }, known.text ?? '')
    }
    return track
  }

  #trackOf({ workspaceId, id }: Target, progress: Progress): Track {
    const known = this.#followed.get(id)
    if (known !== undefined) return known.track
    const track = new Track(progress)
    this.#followed.set(id, { workspaceId, track })
    return track
  }

  #forgetIdle(id: string): void {
    const track = this.#followed.get(id)?.track
    if (track?.isIdle === true && !track.isLive) this.#followed.delete(id)
  }

  *#wanted(): Iterable<Wanted> {
    for (const [id, { workspaceId, track }] of this.#followed) {
      if (track.finished !== undefined || track.isClosed) continue
      const { attempt, position } = track.place
      yield { workspaceId, id, attempt, position: track.isLive ? NO_TEXT : position }
    }
  }

  #found({ id, text, position, cancelRequested, ...progress }: Found): void {
    if (cancelRequested) this.abort(id)
    const track = this.#followed.get(id)?.track
    if (track === undefined || track.isLive) return
    track.advance(progress)
    track.append({ attempt: progress.attempt, position }, text)
  }

  /** `generation` undefined: it is gone, and nobody needs an answer to it. */
  #finish(id: string, generation: Generation | undefined): void {
    const track = this.#followed.get(id)?.track
    if (generation === undefined) {
      this.abort(id)
      track?.close()
    } else track?.finish(generation)
    this.#forgetIdle(id)
  }

  #keepAlive(): void {
    for (const [id, { track }] of this.#followed) {
      track.keepAlive()
      this.#forgetIdle(id)
    }
  }
}
