import { setTimeout as pause } from 'node:timers/promises'
import { incipitError, isIncipitError, problemOf } from './problem.ts'

/** Longest wait that a server may ask for, in seconds; a call that would wait longer fails at once. */
const LONGEST_WAIT = 30
const FIRST_WAIT_MS = 250
/** Reasons for which no request left this machine, so that sending it again is safe. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

export interface TransportOptions {
  url: string
  key: string | undefined
  userAgent: string
  timeoutMs: number
  retries: number
  fetch: typeof fetch
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Readonly<Record<string, string | number | undefined>>
  body?: unknown
  /** Parts of a form, in place of the body. */
  form?: FormData
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal | undefined
  /** Whether the same call can be made again although the first may have been heard. Default: for GET alone. */
  isRepeatable?: boolean
  /** Answers that are no error besides those of 2xx. */
  accepts?: readonly number[]
  /** Milliseconds in place of the usual ones, such as for large files. */
  timeoutMs?: number
}

export interface Answer<Body> {
  status: number
  etag: string | undefined
  body: Body
}

/** Sends requests to one instance, with time-outs, and again where that can help. */
export class Transport {
  readonly #options: TransportOptions
  readonly url: string

  /** @throws IncipitError for an address that is none, and for a key that none can be */
  constructor(options: TransportOptions) {
    this.url = readUrl(options.url)
    this.#options = { ...options, key: readKey(options.key) }
  }

  /** @throws IncipitError as the server answers it, `unreachable`, `timeout`; the reason of the caller's own signal */
  async call<Body>(path: string, call: Call = {}): Promise<Answer<Body>> {
    const { retries } = this.#options
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once<Body>(path, call)
      } catch (error) {
        const wait = waitBefore(error, attempt, isRepeatable(call))
        if (wait === undefined || attempt >= retries) throw error
        await pause(wait, undefined, { signal: call.signal })
      }
    }
  }

  /** Opens a stream of events; the caller reads and ends it. */
  async stream(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const response = await this.#fetch(path, { headers: { accept: 'text/event-stream', ...headers }, signal })
    if (!response.ok || response.body === null)
      throw problemOf(response, await response.text(), this.#at(path).href)
    return response
  }

  async #once<Body>(path: string, call: Call): Promise<Answer<Body>> {
    const milliseconds = call.timeoutMs ?? this.#options.timeoutMs
    const timeout = AbortSignal.timeout(milliseconds)
    const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal])
    try {
      const response = await this.#fetch(path, { ...call, signal })
      const text = response.status === 204 ? '' : await response.text()
      const isWell = response.ok || call.accepts?.includes(response.status)
      if (!isWell) throw problemOf(response, text, this.#at(path).href)
      return {
        status: response.status,
        etag: response.headers.get('etag') ?? undefined,
        body: bodyOf<Body>(response, text, this.url),
      }
    } catch (error) {
      if (isIncipitError(error)) throw error
      call.signal?.throwIfAborted()
      if (timeout.aborted)
        throw incipitError('timeout', `${this.url} did not answer within ${milliseconds} ms.`, {
          cause: error,
        })
      throw incipitError('unreachable', `${this.url} cannot be reached: ${reasonOf(error)}.`, {
        cause: error,
      })
    }
  }

  async #fetch(
    path: string,
    { method = 'GET', query, body, form, headers, signal }: Call,
  ): Promise<Response> {
    const { key, userAgent } = this.#options
    const response = await this.#options.fetch(this.#at(path, query), {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(form !== undefined && { body: form }),
      // A key is for the address that it was given for.
      redirect: 'manual',
      signal: signal ?? null,
    })
    if (response.status >= 300 && response.status < 400 && response.status !== 304) {
      await response.body?.cancel()
      const there = response.headers.get('location') ?? 'another address'
      throw incipitError('unexpected_answer', `${this.url} leads to ${there}: use the address it leads to.`)
    }
    return response
  }

  #at(path: string, query: Call['query'] = {}): URL {
    const url = new URL(this.url + path)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    return url
  }
}

function readUrl(text: string): string {
  const url = URL.parse === undefined ? parsed(text) : URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw incipitError(
      'invalid_input',
      `"${text}" is no address of an instance: it looks like https://prompts.example.org`,
    )
  // What stands in an address stands in messages and logs.
  if (url.username !== '' || url.password !== '')
    throw incipitError(
      'invalid_input',
      `The address of ${url.host} holds a name or a password: an instance is opened by its key.`,
    )
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

/** A key that no header can hold is told of before it would stand in the words of what refuses it. */
function readKey(text: string | undefined): string | undefined {
  const key = text?.trim()
  if (key === undefined || key === '') return undefined
  if (/^[\x20-\x7e]+$/.test(key)) return key
  throw incipitError(
    'invalid_input',
    'The key holds a line end or another sign that no header can hold: copy it again.',
  )
}

function parsed(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

function bodyOf<Body>(response: Response, text: string, url: string): Body {
  if (text === '') return undefined as Body
  try {
    return JSON.parse(text) as Body
  } catch (error) {
    const type = response.headers.get('content-type') ?? 'no type'
    const message = `${url} answered what is no JSON (${type}): is there an instance of Incipit at that address?`
    throw incipitError('unexpected_answer', message, { cause: error })
  }
}

function isRepeatable({ method = 'GET', isRepeatable = method === 'GET' }: Call): boolean {
  return isRepeatable
}

/** Milliseconds before another attempt; undefined: it would not help, or not be safe. */
function waitBefore(error: unknown, attempt: number, repeatable: boolean): number | undefined {
  if (!isIncipitError(error)) return undefined
  const { code, status, retryAfter } = error
  const wait = retryAfter ?? (FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random())) / 1000
  if (wait > LONGEST_WAIT) return undefined
  // 429 and 503 say that nothing was done.
  const isRefused = status === 429 || status === 503 || neverSent(error)
  const isUnclear = code === 'unreachable' || code === 'timeout' || status === 502 || status === 504
  return isRefused || (isUnclear && repeatable) ? wait * 1000 : undefined
}

/** Whether a request surely did not reach the server. */
export function neverSent(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  const inner: unknown = cause instanceof Error ? (cause.cause ?? cause) : cause
  return typeof inner === 'object' && inner !== null && 'code' in inner && NEVER_SENT.has(String(inner.code))
}

function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  const told = cause instanceof Error ? cause : error
  if (!(told instanceof Error)) return String(told)
  return 'code' in told && told.message === '' ? String(told.code) : told.message
}
