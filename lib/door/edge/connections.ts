import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { LoadedConfig } from '../../config/load.ts'
import { type AppError, appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'

/** What is known of one open connection. */
interface Connection {
  /** Bytes that the kernel had taken when it was last looked at. */
  taken: number
  /** Milliseconds without a first byte, or without a reader for what is written. */
  silentMs: number
  /** Bytes of its large answers that have not been read to their end. */
  held: number
}

type ConnectionLimits = Pick<LoadedConfig['limits'], 'first_byte_ms' | 'write_stall_ms' | 'unsent_bytes'>

/** Answers from this size on are counted while they wait for their reader. */
const LARGE_BYTES = 65_536
/** A reader that took something within this time is not let go for the sake of others. */
const PATIENCE_MS = 1_000

/**
 * Watches over the open connections of the server: one that never says anything, and one that does not
 * read its answer, is closed after a while. What waits for readers is bounded as a sum; whoever has read
 * nothing for longest makes room for others.
 */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #open = new Map<Socket, Connection>()
  /** How often they are looked at, in milliseconds. Time is counted in looks: a process that was stopped blames nobody. */
  readonly lookMs: number
  #held = 0
  #letGoes = 0

  constructor(limits: ConnectionLimits) {
    this.#limits = limits
    const shortest = Math.min(limits.first_byte_ms, limits.write_stall_ms)
    this.lookMs = Math.min(250, Math.max(25, Math.floor(shortest / 4)))
  }

  get count(): number {
    return this.#open.size
  }

  /** Bytes of large answers that wait for their readers. */
  get heldBytes(): number {
    return this.#held
  }

  /** Connections that were closed because nobody read, since the start. */
  get letGoCount(): number {
    return this.#letGoes
  }

  /** Takes a new connection under watch until it is closed. */
  add(socket: Socket): void {
    const connection = { taken: 0, silentMs: 0, held: 0 }
    this.#open.set(socket, connection)
    socket.once('close', () => this.#forget(socket, connection))
  }

  #forget(socket: Socket, connection: Connection): void {
    this.#held -= connection.held
    connection.held = 0
    this.#open.delete(socket)
  }

  /** Looks at each connection once, and ends those whose time is over. */
  look(): void {
    let unsent = 0
    for (const [socket, connection] of this.#open) {
      const silentSince = this.#silence(socket, connection)
      connection.silentMs = silentSince
      if (socket.bytesRead === 0 && silentSince >= this.#limits.first_byte_ms) socket.destroy()
      else if (socket.bytesRead > 0 && silentSince >= this.#limits.write_stall_ms) this.#letGo(socket)
      else unsent += socket.writableLength
    }
    // Pages and what Next sends are counted here alone.
    if (unsent > this.#limits.unsent_bytes) this.#dropSlowest(unsent - this.#limits.unsent_bytes)
  }

  /** Milliseconds of silence, this look included: of a client that has said nothing, or that does not read. */
  #silence(socket: Socket, connection: Connection): number {
    if (socket.bytesRead === 0) return connection.silentMs + this.lookMs
    const { taken, waiting } = progressOf(socket)
    const isStill = waiting > 0 && taken === connection.taken
    connection.taken = taken
    return isStill ? connection.silentMs + this.lookMs : 0
  }

  /**
   * Counts a large answer until it is read or its connection closed.
   * @param bytes size of the body; small ones cost nothing
   * @returns false when there is no room for it: answer that there is too much work
   */
  hold(response: ServerResponse, bytes: number): boolean {
    const { socket } = response.req
    const connection = bytes < LARGE_BYTES ? undefined : this.#open.get(socket)
    if (connection === undefined) return true
    const excess = this.#held + bytes - this.#limits.unsent_bytes
    if (excess > 0 && this.#dropSlowest(excess) < excess) return false
    connection.held += bytes
    this.#held += bytes
    response.once('close', () => {
      // A closed connection has given everything back already.
      const given = Math.min(bytes, connection.held)
      connection.held -= given
      this.#held -= given
    })
    return true
  }

  /** Closes connections that do not read, the most silent first. @returns the bytes that became free */
  #dropSlowest(wanted: number): number {
    const silent = [...this.#open].filter(
      ([socket, { silentMs }]) => socket.bytesRead > 0 && silentMs >= PATIENCE_MS,
    )
    silent.sort(([, one], [, other]) => other.silentMs - one.silentMs)
    let freed = 0
    for (const [socket, connection] of silent) {
      if (freed >= wanted) break
      freed += Math.max(connection.held, socket.writableLength)
      this.#forget(socket, connection)
      this.#letGo(socket)
    }
    return freed
  }

  /** A reset, so that the kernel drops what it holds for the reader as well. */
  #letGo(socket: Socket): void {
    this.#letGoes += 1
    getRuntime().log.debug({ unsent: socket.writableLength }, 'a client that does not read was let go')
    socket.resetAndDestroy()
  }
}

/** The error instead of a large answer for which there is no room. */
export function noRoom(): AppError {
  return appError('overloaded', 'Too many large answers wait for their readers. Try again in a moment.', {
    retryAfter: 1,
    extra: { limit: 'limits.unsent_bytes' },
  })
}

/** The connections of this process. */
export function connections(): Connections {
  return getRuntime().once('http.connections', ({ config }) => new Connections(config.limits))
}

/*
 * What Node keeps under names of its own and tells nowhere else. Where one of them is missing, the answers
 * here are those of a connection that is read well.
 */

/** How much of what was written to a socket the kernel has taken (`taken`), and how much waits for it. */
export function progressOf(socket: Socket): { taken: number; waiting: number } {
  // Node's own socket timeout looks at the same two numbers.
  const handle: unknown = Reflect.get(socket, '_handle')
  if (typeof handle !== 'object' || handle === null) return { taken: 0, waiting: 0 }
  const waiting = Number(Reflect.get(handle, 'writeQueueSize') ?? 0)
  return { taken: Number(Reflect.get(handle, 'bytesWritten') ?? 0) - waiting, waiting }
}

/** Whether an answer has begun on a socket: other bytes would become part of it. */
export function hasBegunAnswer(socket: Socket): boolean {
  const response: unknown = Reflect.get(socket, '_httpMessage')
  return typeof response === 'object' && response !== null && Reflect.get(response, 'headersSent') === true
}
