import { setTimeout as pause } from 'node:timers/promises'
import { readEvents, type StreamEvent } from '../http/event-stream.ts'
import { isIncipitError } from '../http/problem.ts'
import type { Transport } from '../http/transport.ts'
import type { PromptStore } from './prompt-store.ts'

/** The server sends a comment every fifteen seconds. */
const SILENCE_MS = 45_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

interface ChangeData {
  changes: { kind: string; id: string; name: string }[]
  total: number
}

export interface FollowerEvents {
  onChange: (name: string) => void
  onError: (error: Error) => void
}

/** Follows what changes on the server, and doubts in memory what it touches. */
export class Follower {
  readonly #transport: Transport
  readonly #store: PromptStore
  readonly #events: FollowerEvents
  readonly #ended = new AbortController()
  #lastId: string | undefined

  constructor(transport: Transport, store: PromptStore, events: FollowerEvents) {
    this.#transport = transport
    this.#store = store
    this.#events = events
    void this.#run()
  }

  close(): void {
    this.#ended.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#listen(() => {
          failures = 0
        })
      } catch (error) {
        if (signal.aborted) return
        this.#events.onError(error instanceof Error ? error : new Error(String(error)))
        // Whoever may not listen may not a second later.
        if (isIncipitError(error) && (error.status === 401 || error.status === 403)) failures = 10
      }
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++) * (0.5 + Math.random())
      await pause(wait, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Reads one connection to its end. */
  async #listen(onHello: () => void): Promise<void> {
    const silence = new AbortController()
    let timer = setTimeout(() => silence.abort(), SILENCE_MS)
    try {
      const response = await this.#transport.stream(
        '/api/changes',
        this.#lastId === undefined ? {} : { 'last-event-id': this.#lastId },
        AbortSignal.any([silence.signal, this.#ended.signal]),
      )
      const onBytes = () => {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), SILENCE_MS)
      }
      // It was checked to be there.
      for await (const event of readEvents(response.body as AsyncIterable<Uint8Array>, onBytes)) {
        if (event.event === 'hello') onHello()
        this.#take(event)
      }
    } finally {
      clearTimeout(timer)
    }
  }

  #take({ event, data, id }: StreamEvent): void {
    // What happened before the first connection is not known.
    if (event === 'reset' || (event === 'hello' && this.#lastId === undefined))
      this.#tell(this.#store.doubt())
    if (event === 'change') {
      const { changes, total }: ChangeData = JSON.parse(data)
      const ids = new Set(changes.filter(({ kind }) => kind === 'prompt').map((change) => change.id))
      if (total > changes.length) this.#tell(this.#store.doubt())
      else for (const each of ids) this.#tell(this.#store.doubt(each))
    }
    if (id !== '') this.#lastId = id
  }

  #tell(names: readonly string[]): void {
    for (const name of names) this.#events.onChange(name)
  }
}
