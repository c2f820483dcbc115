import { LRUCache } from 'lru-cache'
import { isAway, isIncipitError } from '../http/problem.ts'
import type { Transport } from '../http/transport.ts'
import type { Selector, Source } from '../public.ts'
import { readIncludes } from './include-tree.ts'
import type { Loaded } from './loaded.ts'
import { promptPath, type WirePrompt, type WireVersion } from './wire.ts'

export interface StoreOptions {
  /** Of calls that name none; undefined: the server says (production, or the one that the key is pinned to). */
  label: string | undefined
  ttlMs: number
  staleMs: number
  entries: number
  onError: (error: Error) => void
}

interface Entry extends Loaded {
  readonly id: string
  etag: string | undefined
  /** When the server last said that it holds, in milliseconds. */
  checkedAt: number
  /** Something changed: it is asked for before it is used again. */
  isDoubtful: boolean
}

/** A request that is under way, and the ids that changed meanwhile: its answer may be of before. */
interface Asked {
  entry: Promise<Entry>
  /** undefined: anything may have changed. */
  changed: Set<string | undefined>
}

interface Asking extends Pick<Asked, 'changed'> {
  key: string
  name: string
  selector: Selector
}

export interface Found {
  loaded: Loaded
  source: Source
}

const FOREVER = Number.POSITIVE_INFINITY

/** Versions of prompts in memory, asked for again when they are old, one request at a time for each. */
export class PromptStore {
  readonly #transport: Transport
  readonly #options: StoreOptions
  readonly #entries: LRUCache<string, Entry>
  /** Versions that others include; they never change. */
  readonly #included: LRUCache<string, WireVersion>
  readonly #asked = new Map<string, Asked>()

  constructor(transport: Transport, options: StoreOptions) {
    this.#transport = transport
    this.#options = options
    this.#entries = new LRUCache({ max: options.entries })
    this.#included = new LRUCache({ max: options.entries })
  }

  /**
   * One version: from memory while it is fresh; while it is stale too, and asked for beside; else from the server; and
   * while that is away, from memory however old.
   * @throws IncipitError
   */
  async find(name: string, selector: Selector, signal?: AbortSignal): Promise<Found> {
    const key = this.#keyOf(name, selector)
    const entry = this.#entries.get(key)
    if (entry !== undefined && !entry.isDoubtful) {
      const age = Date.now() - entry.checkedAt
      const { ttlMs, staleMs } = this.#options
      if (age < (isFixed(selector) ? FOREVER : ttlMs)) return { loaded: entry, source: 'cache' }
      if (age < ttlMs + staleMs) {
        void this.#ask(key, name, selector).catch(this.#options.onError)
        return { loaded: entry, source: 'cache' }
      }
    }
    const isJoined = this.#asked.has(key)
    try {
      const found = await untilAborted(this.#ask(key, name, selector), signal)
      // Somebody else's request may be older than the change that this caller heard of.
      if (!isJoined || !found.isDoubtful) return { loaded: found, source: 'server' }
      return { loaded: await untilAborted(this.#ask(key, name, selector), signal), source: 'server' }
    } catch (error) {
      if (entry === undefined || !isAway(error)) throw error
      return { loaded: entry, source: 'cache' }
    }
  }

  /** Doubts what is in memory of a prompt; without an id of everything. @returns the names that are doubted */
  doubt(id?: string): string[] {
    for (const { changed } of this.#asked.values()) changed.add(id)
    const names = new Set<string>()
    for (const entry of this.#entries.values()) {
      if (id !== undefined && entry.id !== id) continue
      entry.isDoubtful = true
      names.add(entry.wire.name)
    }
    return [...names]
  }

  #keyOf(name: string, { label = this.#options.label, version, at }: Selector): string {
    return JSON.stringify([name, version ?? label ?? null, at ?? null])
  }

  #ask(key: string, name: string, selector: Selector): Promise<Entry> {
    const asked = this.#asked.get(key)
    if (asked !== undefined) return asked.entry
    const changed: Asked['changed'] = new Set()
    const entry = this.#fetch({ key, name, selector, changed })
    this.#asked.set(key, { entry, changed })
    const forget = () => void this.#asked.delete(key)
    entry.then(forget, forget)
    return entry
  }

  async #fetch({ key, name, selector, changed }: Asking): Promise<Entry> {
    const known = this.#entries.get(key)
    const { label = selector.version === undefined ? this.#options.label : undefined, version, at } = selector
    try {
      const { status, etag, body } = await this.#transport.call<WirePrompt>(promptPath(name), {
        query: { label, version, at },
        ...(known?.etag !== undefined && { headers: { 'if-none-match': known.etag } }),
        accepts: [304],
      })
      const entry = status === 304 && known !== undefined ? known : await this.#load(body)
      Object.assign(entry, { etag: etag ?? entry.etag, checkedAt: Date.now() })
      entry.isDoubtful = changed.has(undefined) || changed.has(entry.id)
      this.#entries.set(key, entry)
      return entry
    } catch (error) {
      // It is gone, or no longer ours to read.
      if (isIncipitError(error) && [401, 403, 404].includes(error.status ?? 0)) this.#entries.delete(key)
      throw error
    }
  }

  async #load(wire: WirePrompt): Promise<Entry> {
    return {
      wire,
      id: wire.id,
      label: wire.label,
      etag: wire.etag,
      includes: await this.#includesOf(wire),
      checkedAt: Date.now(),
      isDoubtful: false,
    }
  }

  /** A key that is pinned to a label may read a prompt and not the version that it includes of another. */
  async #includesOf(wire: WirePrompt): Promise<Loaded['includes']> {
    try {
      return await readIncludes(wire.includes, (name, version) => this.#includedVersion(name, version))
    } catch (error) {
      if (isIncipitError(error) && (error.status === 403 || error.status === 404)) return undefined
      throw error
    }
  }

  async #includedVersion(name: string, version: number): Promise<WireVersion> {
    const key = `${name}@${version}`
    const known = this.#included.get(key)
    if (known !== undefined) return known
    const { body } = await this.#transport.call<WireVersion>(promptPath(name, `/versions/${version}`))
    this.#included.set(key, body)
    return body
  }
}

/** What was asked for by its number, or by its past, stays as it is. */
function isFixed({ version, at }: Selector): boolean {
  return version !== undefined || at !== undefined
}

/** One caller's end of patience ends no request that others wait for. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  signal.throwIfAborted()
  const { promise: aborted, reject } = withRejection()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function withRejection(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse
  })
  promise.catch(() => undefined)
  return { promise, reject }
}
