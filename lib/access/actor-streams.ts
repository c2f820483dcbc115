import type { ChangeFeed } from '../db/changes/feed.ts'
import type { Sink } from '../event-stream.ts'
import type { Actor } from './actor.ts'
import { type CurrentRights, currentRights, hasSameRights, RIGHTS_KIND } from './current-rights.ts'
import { STATE_KIND } from './state.ts'

/** One open stream. */
interface Held {
  readonly actor: Actor
  /** Until its credential ends. */
  timer?: NodeJS.Timeout | undefined
  end(): void
}

export interface ActorStreamsOptions {
  /** Streams open at the same time, of all workspaces together. */
  limit: number
  feed: Pick<ChangeFeed, 'onChange' | 'onReset'>
  rights?: CurrentRights | undefined
}

/** Whether the rights of an actor are those of one of these, or narrowed by them. */
function dependsOn({ id, credential }: Actor, ids: ReadonlySet<string>): boolean {
  const person = 'personActorId' in credential ? credential.personActorId : null
  return ids.has(id) || (person !== null && ids.has(person))
}

/** Rights that could not be looked up are looked up again after this time. */
const RETRY_MS = 1000

/** The longest time that a timer can be set to, some 25 days. */
const TIMER_MAX_MS = 2 ** 31 - 1

/** When a credential ends, in milliseconds since 1970; undefined: it does not by itself. */
function endOf({ credential }: Actor): number | undefined {
  return 'expiresAt' in credential ? credential.expiresAt : undefined
}

/**
 * Open streams, each with the actor that reads it. A stream ends as soon as the rights of its actor are not
 * those that it was opened with: the reader reconnects, and the door decides. Where no place is left, the
 * workspace that has the most gives one of its own to a workspace that has fewer.
 */
export class ActorStreams {
  readonly #held = new Map<string, Set<Held>>()
  readonly #limit: number
  readonly #rights: CurrentRights
  #size = 0

  constructor({ limit, feed, rights = currentRights }: ActorStreamsOptions) {
    this.#limit = limit
    this.#rights = rights
    feed.onChange(({ workspace_id, targets }) => {
      const changed = targets.filter(({ kind }) => kind === RIGHTS_KIND).map(({ id }) => id)
      // With the state of access everybody has other rights.
      if (targets.some(({ kind }) => kind === STATE_KIND)) this.#recheck(workspace_id)
      else if (changed.length > 0) this.#recheck(workspace_id, new Set(changed))
    })
    // A missed change may have been one of rights.
    feed.onReset((workspaceId) => this.#recheck(workspaceId))
  }

  get size(): number {
    return this.#size
  }

  /** Whether a workspace gets no further place. */
  isFullFor(workspaceId: string): boolean {
    return this.#size >= this.#limit && this.#richerThan(workspaceId) === undefined
  }

  /**
   * Opens a stream; the answer closes it. undefined: there is no place.
   * @param join begins to write, and answers how to stop that
   * @param farewell is written before the stream is ended from here
   */
  open(
    actor: Actor,
    sink: Sink,
    join: (sink: Sink) => () => void,
    farewell?: string,
  ): (() => void) | undefined {
    const { workspaceId } = actor
    if (this.isFullFor(workspaceId)) return undefined
    if (this.#size >= this.#limit) [...(this.#richerThan(workspaceId) ?? [])].at(-1)?.end()
    let leave = (): void => undefined
    const release = () => this.#release(workspaceId, held)
    const end = () => {
      release()
      sink.end()
    }
    const held: Held = {
      actor,
      end() {
        leave()
        if (farewell !== undefined) sink.write(farewell)
        end()
      },
    }
    this.#hold(workspaceId, held)
    leave = join({ write: (frame) => sink.write(frame), onDrain: (listener) => sink.onDrain(listener), end })
    this.#endAt(held, endOf(actor))
    // Rights may have ended between the door and here.
    void this.#check(held)
    return () => {
      release()
      leave()
    }
  }

  #hold(workspaceId: string, held: Held): void {
    const all = this.#held.get(workspaceId) ?? new Set()
    this.#held.set(workspaceId, all.add(held))
    this.#size += 1
  }

  #release(workspaceId: string, held: Held): void {
    const all = this.#held.get(workspaceId)
    clearTimeout(held.timer)
    if (all?.delete(held) !== true) return
    this.#size -= 1
    if (all.size === 0) this.#held.delete(workspaceId)
  }

  /** Nothing is announced when a credential ends: its streams end by the clock. */
  #endAt(held: Held, at: number | undefined): void {
    if (at === undefined || !this.#isOpen(held)) return
    const left = Math.min(TIMER_MAX_MS, Math.max(0, at - Date.now()))
    held.timer = setTimeout(() => {
      if (at > Date.now()) this.#endAt(held, at)
      else void this.#endUnlessUsed(held)
    }, left).unref()
  }

  /** The end of a key or token is fixed; a session that was used meanwhile goes on for as long as it now may. */
  async #endUnlessUsed(held: Held): Promise<void> {
    const { credential } = held.actor
    // Where that cannot be looked up it has ended: the door decides when the reader comes again.
    const now =
      credential.kind === 'session' ? await this.#rights(held.actor).catch(() => undefined) : undefined
    const end = now && endOf(now)
    if (end !== undefined && end > Date.now()) this.#endAt(held, end)
    else if (this.#isOpen(held)) held.end()
  }

  #isOpen(held: Held): boolean {
    return this.#held.get(held.actor.workspaceId)?.has(held) === true
  }

  /** The streams of the workspace that has the most, when it has more than this one would have. */
  #richerThan(workspaceId: string): ReadonlySet<Held> | undefined {
    let most: ReadonlySet<Held> | undefined
    for (const all of this.#held.values()) if (all.size > (most?.size ?? 0)) most = all
    const wanted = (this.#held.get(workspaceId)?.size ?? 0) + 1
    return most !== undefined && most.size > wanted ? most : undefined
  }

  /** @param of ids of actors: others' streams are left alone; left out: all are looked at */
  #recheck(workspaceId: string, of?: ReadonlySet<string>): void {
    for (const held of this.#held.get(workspaceId) ?? [])
      if (of === undefined || dependsOn(held.actor, of)) void this.#check(held)
  }

  async #check(held: Held): Promise<void> {
    try {
      const now = await this.#rights(held.actor)
      if (this.#isOpen(held) && !hasSameRights(held.actor, now)) held.end()
    } catch {
      // Rights are unknown while the database is away: the lookup is retried.
      setTimeout(() => {
        if (this.#isOpen(held)) void this.#check(held)
      }, RETRY_MS).unref()
    }
  }
}
