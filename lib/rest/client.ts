import type { z } from 'zod'
import type { Contract, OutputOf } from '../contract.ts'
import type { ErrorCode, TextRange } from '../errors.ts'

/** Header by which our own pages say who they are where a browser sends no Sec-Fetch-Site. */
export const SURFACE_HEADER = 'incipit-surface'

/** One fault that a problem names: which part of the request, where in it, and what to do. */
export interface ProblemDetail {
  in: 'body' | 'query' | 'path' | 'header'
  pointer?: string
  path: (string | number)[]
  code: string
  message: string
  range?: TextRange
  hint?: string
}

/** An RFC 9457 problem as the API answers it; `unreachable` when there was no answer. */
export interface Problem {
  status: number
  code: ErrorCode | 'unreachable'
  title: string
  detail: string
  request_id?: string
  errors?: ProblemDetail[]
  [extra: string]: unknown
}

/** What `send` throws. */
export class ProblemError extends Error {
  readonly problem: Problem
  /** Seconds to wait before trying again, when the server said so. */
  readonly retryAfter: number | undefined

  constructor(problem: Problem, retryAfter?: number, cause?: unknown) {
    super(problem.detail, { cause })
    this.name = 'ProblemError'
    this.problem = problem
    this.retryAfter = retryAfter
  }
}

type Sent<C, Key extends string> =
  C extends Record<Key, infer S extends z.ZodType>
    ? Partial<z.input<S>> extends z.input<S>
      ? { [K in Key]?: z.input<S> }
      : { [K in Key]: z.input<S> }
    : unknown

/** What a call of the contract takes: path, query and body apart, as their names may overlap. */
export type CallOf<C> = Sent<C, 'params'> &
  Sent<C, 'query'> &
  Sent<C, 'body'> &
  (C extends { ifMatch: true } ? { ifMatch: string } : unknown) &
  (C extends { idempotent: true } ? { idempotencyKey?: string } : unknown)

/** The parts of any call, as the code below sees them. */
interface AnyCall {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: Record<string, unknown>
  ifMatch?: string
  idempotencyKey?: string
}

export interface ClientOptions {
  /** Address of the server; left out in a page, which calls where it came from. */
  baseUrl?: string
  fetch?: typeof fetch
}

export interface Client {
  /**
   * Calls the operation of a contract and returns its answer.
   * @throws ProblemError
   */
  send: <C extends Contract>(
    contract: C,
    call: CallOf<C>,
    options?: { signal?: AbortSignal },
  ) => Promise<OutputOf<C>>
  /** Whether a change was made by this client: the feed of changes names the request of each. */
  isOwn: (requestId: string | null) => boolean
  /** Notes a revision that was heard of elsewhere: later reads are no older than it. */
  hearOf: (revision: number) => void
}

/** A client; it reads its own writes and what it heard of: reads name the last revision that it knows. */
export function createClient({ baseUrl = '', fetch: custom }: ClientOptions = {}): Client {
  let revision = 0
  let sent = 0
  // Known before the answer is, which the feed of changes can overtake. No secret: it only tells tabs apart.
  const session = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`
  return {
    isOwn: (requestId) => requestId?.startsWith(`${session}.`) ?? false,
    hearOf(heard) {
      revision = Math.max(revision, heard)
    },
    async send<C extends Contract>(contract: C, call: CallOf<C>, options: { signal?: AbortSignal } = {}) {
      // Every part of a CallOf is one of these; the compiler cannot see it through the conditional types.
      const parts = call as AnyCall
      const response = await reach(custom ?? fetch, `${baseUrl}${addressOf(contract, parts)}`, {
        method: contract.method,
        headers: {
          ...headersOf(contract, parts, revision),
          ...(contract.method !== 'GET' && { 'x-request-id': `${session}.${++sent}` }),
          ...(baseUrl === '' && { [SURFACE_HEADER]: 'browser' }),
        },
        body: contract.body === undefined ? null : JSON.stringify(parts.body ?? {}),
        signal: options.signal ?? null,
      })
      revision = Math.max(revision, Number(response.headers.get('incipit-revision') ?? 0))
      if (!response.ok) throw await problemOf(response)
      const answer: unknown = response.status === 204 ? undefined : await response.json()
      // What the contract promises; the protocol tests check every answer against it.
      return answer as OutputOf<C>
    },
  }
}

/** The client of our own pages. */
export const { send, isOwn, hearOf } = createClient()

async function reach(call: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await call(url, init)
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    const detail = 'The server cannot be reached. Is it running?'
    throw new ProblemError({ status: 0, code: 'unreachable', title: 'No answer', detail }, undefined, error)
  }
}

function addressOf(contract: Contract, call: AnyCall): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value === undefined || value === null) continue
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each))
  }
  const path = fillPath(contract.path, call.params ?? {})
  return query.size === 0 ? path : `${path}?${query}`
}

function fillPath(template: string, values: Record<string, unknown>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))
}

function headersOf(contract: Contract, call: AnyCall, revision: number): Record<string, string> {
  return {
    accept: 'application/json',
    ...(contract.body !== undefined && { 'content-type': 'application/json' }),
    ...(call.ifMatch !== undefined && { 'if-match': call.ifMatch }),
    ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
    ...(contract.method === 'GET' && revision > 0 && { 'incipit-revision': String(revision) }),
  }
}

async function problemOf(response: Response): Promise<ProblemError> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const seconds = Number.isFinite(retryAfter) ? retryAfter : undefined
  try {
    const problem: Problem = await response.json()
    return new ProblemError(problem, seconds)
  } catch (cause) {
    // A proxy in between answered in its own words.
    const detail = `The server answered with status ${response.status}.`
    return new ProblemError(
      { status: response.status, code: 'unavailable', title: 'Unexpected answer', detail },
      seconds,
      cause,
    )
  }
}
