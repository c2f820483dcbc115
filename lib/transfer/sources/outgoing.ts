import { Agent, type Dispatcher, request } from 'undici'
import { refusedUrl } from '../../ai/calls/addresses.ts'
import { guardedConnector } from '../../ai/calls/guarded-fetch.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { isAppError, overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { failedSource, wrongSource } from './faults.ts'

interface WaysOut {
  config: LoadedConfig & { allowedKey: string }
  agent: Dispatcher
}

/** How sources and repositories are asked: by the connector of providers, with allowed hosts of their own. */
export function waysOut(): WaysOut {
  return getRuntime().once('transfer.outgoing', (runtime) => {
    const { imports, ai, limits } = runtime.config
    const own = { ...ai, allowed_hosts: imports.allowed_hosts, connect_ms: limits.import_source_ms }
    const config = { ...runtime.config, ai: own, allowedKey: 'imports.allowed_hosts' }
    const agent = new Agent({ connect: guardedConnector(config), allowH2: false })
    runtime.onShutdown('close', 'connections to sources of imports', () => agent.destroy())
    return { config, agent }
  })
}

/** What is asked of a source. */
export interface Question {
  method: 'GET' | 'POST' | 'DELETE'
  headers: Readonly<Record<string, string>>
  body?: string
  /** What stands behind the address in the words of errors: `prompts/list`. */
  what: string
  /** Whether a stream of events has said what is waited for; asked with a part of it that holds whole events. */
  isEnough?: (events: string) => boolean
}

/** What it answered. */
export interface Answer {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
}

/**
 * One import by address: its time and its bytes are counted over all requests. Addresses are checked as those of
 * providers are; redirects are not followed; nothing that is compressed is read.
 */
export class Source {
  readonly #signal: AbortSignal
  readonly #ends: number
  #bytes = 0

  /** @param signal aborted when nobody waits any more */
  constructor(signal?: AbortSignal) {
    const { import_ms: ms } = getRuntime().config.limits
    const whole = AbortSignal.timeout(ms)
    this.#ends = Date.now() + ms
    this.#signal = signal === undefined ? whole : AbortSignal.any([whole, signal])
  }

  /**
   * Asks, and asks again where the source wants to be left alone for a while or fails by itself.
   * @throws unprocessable for an address that is not called, upstream_failed, too_large
   */
  async ask(url: URL, question: Question): Promise<Answer> {
    const { limits } = getRuntime().config
    const refused = refusedUrl(url, waysOut().config)
    if (refused !== undefined) throw wrongSource('url', 'refused_address', refused)
    for (let tried = 1; ; tried++) {
      const answer = await this.#askOnce(url, question)
      const isPassing = answer.status === 429 || (answer.status >= 502 && answer.status <= 504)
      if (!isPassing) return answer
      if (tried >= limits.import_source_tries)
        throw failedSource(`${question.what}: it answered with ${answer.status}, ${tried} times.`)
      const ms = waitFor(answer, tried)
      if (Date.now() + ms > this.#ends)
        throw failedSource(
          `${question.what}: it answered with ${answer.status} and wants to be left alone for ${Math.ceil(ms / 1000)} s, which is longer than an import may take (limits.import_ms).`,
          Math.ceil(ms / 1000),
        )
      await this.#pause(ms)
    }
  }

  async #askOnce(url: URL, { method, headers, body, what, isEnough }: Question): Promise<Answer> {
    const { limits } = getRuntime().config
    const one = AbortSignal.timeout(limits.import_source_ms)
    try {
      const answer = await request(url, {
        method,
        headers: { ...headers, 'user-agent': 'Incipit', 'accept-encoding': 'identity' },
        body: body ?? null,
        signal: AbortSignal.any([one, this.#signal]),
        dispatcher: waysOut().agent,
      })
      return await this.#read(answer, what, isEnough)
    } catch (error) {
      if (isAppError(error)) throw error
      throw this.#failure(error, what, one.aborted)
    }
  }

  async #read(
    { statusCode: status, headers, body }: Dispatcher.ResponseData,
    what: string,
    isEnough: Question['isEnough'],
  ): Promise<Answer> {
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
    )
    const refuse = (message: string) => {
      body.on('error', () => undefined).destroy()
      return failedSource(`${what}: ${message}`)
    }
    if (status >= 300 && status < 400)
      throw refuse(
        `it answered with ${status}, a redirect, which is not followed: give the address that it leads to.`,
      )
    if (!/^\s*(?:identity)?\s*$/i.test(named['content-encoding'] ?? ''))
      throw refuse('it answered in a content encoding, though it was asked for none.')
    const pieces: Buffer[] = []
    let events: Buffer[] = []
    const { import_bytes: most } = getRuntime().config.limits
    for await (const piece of body) {
      const bytes = Buffer.from(piece)
      this.#bytes += bytes.length
      if (this.#bytes > most) {
        body.on('error', () => undefined).destroy()
        throw overLimit('limits.import_bytes', `The source sent more than ${most} bytes`, ['source', 'url'])
      }
      pieces.push(bytes)
      if (isEnough === undefined) continue
      // What was looked at is not looked at again, however long the stream is.
      const before = events.at(-1)?.subarray(-3).toString('latin1') ?? ''
      events.push(bytes)
      if (!EVENT_END.test(before + bytes.toString('latin1'))) continue
      if (isEnough(Buffer.concat(events).toString('utf8'))) break
      events = [bytes]
    }
    return { status, headers: named, text: Buffer.concat(pieces).toString('utf8') }
  }

  #failure(error: unknown, what: string, isLate: boolean): Error {
    const { limits } = getRuntime().config
    if (this.#signal.aborted)
      return failedSource(`${what}: the import took longer than ${limits.import_ms} ms (limits.import_ms).`)
    if (isLate)
      return failedSource(
        `${what}: it did not answer within ${limits.import_source_ms} ms (limits.import_source_ms).`,
      )
    const said = error instanceof Error ? error.message || causeOf(error) : String(error)
    const isBlocked = error instanceof Error && 'kind' in error && error.kind === 'blocked_address'
    return isBlocked
      ? wrongSource('url', 'refused_address', said)
      : failedSource(`${what}: it cannot be reached (${said}).`)
  }

  async #pause(ms: number): Promise<void> {
    const { limits } = getRuntime().config
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        reject(failedSource(`The import took longer than ${limits.import_ms} ms (limits.import_ms).`))
      }
      const timer = setTimeout(() => {
        this.#signal.removeEventListener('abort', stop)
        resolve()
      }, ms)
      if (this.#signal.aborted) stop()
      else this.#signal.addEventListener('abort', stop, { once: true })
    })
  }
}

const EVENT_END = /\n\r?\n/

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? cause.message : 'no connection'
}

const FIRST_PAUSE_MS = 200

/** Milliseconds: as long as it asks to be left alone for, or twice as long each time. */
function waitFor({ headers }: Answer, tried: number): number {
  const asked = headers['retry-after']
  const seconds =
    asked === undefined
      ? Number.NaN
      : /^\d+$/.test(asked)
        ? Number(asked)
        : (Date.parse(asked) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : FIRST_PAUSE_MS * 2 ** (tried - 1)
}

/** Works on all, some at the same time, and keeps their order. */
export async function eachInTurn<Item, Made>(
  items: readonly Item[],
  work: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  const { import_source_at_once: atOnce } = getRuntime().config.limits
  const made: Made[] = []
  let next = 0
  let isBroken = false
  const worker = async () => {
    while (next < items.length && !isBroken) {
      const at = next++
      try {
        made[at] = await work(items[at] as Item)
      } catch (error) {
        isBroken = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return made
}
