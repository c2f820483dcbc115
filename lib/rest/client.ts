import type { z } from 'zod'
import type { Contract, OutputOf } from '../contract.ts'
import type { ErrorCode, TextRange } from '../errors.ts'
import { writeNumber } from '../numbers/rules.ts'
import type { ROUTES } from './table.ts'

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

/** The error that `call` throws. */
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

/** The problem that an error carries: one of the API, or of a part of the page that did not come. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof Error && 'problem' in error ? (error as ProblemError).problem : undefined
}

/** The ETag for a retry after a concurrent change. */
export function currentEtag(error: unknown): string | undefined {
  const etag = problemOf(error)?.current_etag
  return typeof etag === 'string' ? etag : undefined
}

type Address<C> = C extends Contract ? `${C['method']} ${C['path']}` : never

/** The contracts by method and path, as the table of routes has them. Types alone: no schema comes along. */
type Contracts = { [C in (typeof ROUTES)[number]['contract'] as Address<C>]: C }

/** Method and path of an operation: `GET /api/prompts/{name}`. */
export type Route = keyof Contracts

type Sent<C, Key extends string> =
  C extends Record<Key, infer S extends z.ZodType>
    ? Partial<z.input<S>> extends z.input<S>
      ? { [K in Key]?: z.input<S> }
      : { [K in Key]: z.input<S> }
    : unknown

/** The parts of a call: path, query and body apart, as their names may overlap. */
export type CallOf<C> = Sent<C, 'params'> &
  Sent<C, 'query'> &
  (C extends { body: infer S extends z.ZodType } ? { body: z.input<S> } : unknown) &
  (C extends { upload: true } ? { form?: FormData; by?: typeof fetch } : unknown) &
  (C extends { ifMatch: true } ? { ifMatch: string } : unknown) &
  (C extends { idempotent: true } ? { idempotencyKey?: string } : unknown) & {
    signal?: AbortSignal | undefined
  }

/** The parts of any call, as the code below sees them. */
interface AnyCall {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: Record<string, unknown>
  /** Files, in place of the body. */
  form?: FormData
  /** Sends it in place of `fetch`: one that tells how far it is. */
  by?: typeof fetch
  ifMatch?: string
  idempotencyKey?: string
  signal?: AbortSignal
}

/** Parts of a request that is in no contract: those of signing in. */
export interface SendParts {
  body?: Record<string, unknown>
  signal?: AbortSignal | undefined
  /** Its refusal is not recovered from: it is itself a part of signing in. */
  isFinal?: boolean
}

/**
 * Asked when a request was refused for want of a session, or of a fresh one.
 * @returns whether the person proved who they are, so that the request is worth another try
 */
export type Recover = (problem: Problem, request: { isChange: boolean }) => Promise<boolean>

export interface ClientOptions {
  /** Address of the server; left out in a page, which calls where it came from. */
  baseUrl?: string
  fetch?: typeof fetch
}

export interface Client {
  /**
   * Calls an operation and returns its answer.
   * @throws ProblemError
   */
  call: <R extends Route>(route: R, call: CallOf<Contracts[R]>) => Promise<OutputOf<Contracts[R]>>
  /**
   * Calls an operation that answers with a file.
   * @throws ProblemError
   */
  open: <R extends Route>(route: R, call: CallOf<Contracts[R]>) => Promise<Response>
  /**
   * Sends a request that is in no contract, given by method and path.
   * @throws ProblemError
   */
  send: <T = unknown>(route: string, parts?: SendParts) => Promise<T>
  /** Whether a change was made by this client: the feed of changes names the request of each. */
  isOwn: (requestId: string | null) => boolean
  /** Notes a revision that was heard of elsewhere: later reads are no older than it. */
  hearOf: (revision: number) => void
  /** Recovers from here on by this; undefined: refusals stand as they are. */
  recoverBy: (recover: Recover | undefined) => void
}

/** A client; it reads its own writes and what it heard of: reads name the last revision that it knows. */
export function createClient({ baseUrl = '', fetch: custom }: ClientOptions = {}): Client {
  let revision = 0
  let sent = 0
  let recover: Recover | undefined
  const session = newSession()
  const headersFor = (method: string, parts: AnyCall) => ({
    ...headersOf(parts),
    ...(method === 'GET'
      ? revision > 0 && { 'incipit-revision': String(revision) }
      : { 'x-request-id': `${session}.${++sent}` }),
    ...(baseUrl === '' && { [SURFACE_HEADER]: 'browser' }),
  })
  const exchange = async (route: string, parts: AnyCall): Promise<Response> => {
    const [method = '', path = ''] = route.split(' ')
    const response = await reach(parts.by ?? custom ?? fetch, `${baseUrl}${addressOf(path, parts)}`, {
      method,
      headers: headersFor(method, parts),
      body: bodyOf(parts),
      signal: parts.signal ?? null,
    })
    revision = Math.max(revision, Number(response.headers.get('incipit-revision') ?? 0))
    if (!response.ok) throw await refusalOf(response)
    return response
  }
  const request = async (route: string, parts: AnyCall): Promise<Response> => {
    try {
      return await exchange(route, parts)
    } catch (error) {
      const problem = problemOf(error)
      if (recover === undefined || problem === undefined || !wantsProof(problem)) throw error
      if (!(await recover(problem, { isChange: !route.startsWith('GET ') }))) throw error
      parts.signal?.throwIfAborted()
      return exchange(route, parts)
    }
  }
  return {
    isOwn: (requestId) => requestId?.startsWith(`${session}.`) ?? false,
    hearOf: (heard) => void (revision = Math.max(revision, heard)),
    recoverBy: (next) => void (recover = next),
    async call<R extends Route>(route: R, call: CallOf<Contracts[R]>) {
      const answer = await contentOf(await request(route, call))
      // The contract promises this type; the protocol tests check every answer against it.
      return answer as OutputOf<Contracts[R]>
    },
    open: request,
    async send<T>(route: string, { isFinal = false, ...parts }: SendParts = {}) {
      return (await contentOf(await (isFinal ? exchange : request)(route, parts))) as T
    },
  }
}

/** Names a tab, before any answer: the feed of changes can overtake one. It is no secret. */
function newSession(): string {
  return `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`
}

/** Whether the refusal ends when the person signs in, for the first time or anew. */
function wantsProof(problem: Problem): boolean {
  // One that names a field refuses what stands in it, such as a code, and not the session.
  return (problem.status === 401 && problem.errors === undefined) || isFreshWanted(problem)
}

/** Whether the person is known, and has to prove once more who they are. */
export function isFreshWanted({ status, code_hint: hint }: Problem): boolean {
  return status === 403 && hint === 'fresh_sign_in_required'
}

/** The client of our own pages. */
export const { call, open, send, isOwn, hearOf, recoverBy } = createClient()

async function contentOf(response: Response): Promise<unknown> {
  return response.status === 204 ? undefined : response.json()
}

async function reach(call: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await call(url, init)
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    const detail = 'The server cannot be reached. Is it running?'
    throw new ProblemError({ status: 0, code: 'unreachable', title: 'No answer', detail }, undefined, error)
  }
}

/**
 * The address of a call.
 * @param template path with its parameters in braces
 */
export function addressOf(
  template: string,
  { params = {}, query = {} }: Pick<AnyCall, 'params' | 'query'>,
): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, textOf(each))
  }
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
  return search.size === 0 ? path : `${path}?${search}`
}

/** A number as the server reads it. */
function textOf(value: unknown): string {
  return typeof value === 'number' ? writeNumber(value) : String(value)
}

function bodyOf({ body, form }: AnyCall): FormData | string | null {
  return form ?? (body === undefined ? null : JSON.stringify(body))
}

function headersOf({ body, form, ifMatch, idempotencyKey }: AnyCall): Record<string, string> {
  return {
    accept: 'application/json',
    // That of a form has a boundary, which the browser makes.
    ...(body !== undefined && form === undefined && { 'content-type': 'application/json' }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  }
}

async function refusalOf(response: Response): Promise<ProblemError> {
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
