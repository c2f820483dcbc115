import type { z } from 'zod'
import type { Actor } from './access/actor.ts'
import type { Scope } from './access/rules.ts'
import type { Download } from './download.ts'
import type { ErrorCode } from './errors.ts'
import type { StreamStart } from './event-stream.ts'
import type { KeptDocument } from './rest/kept-document.ts'

/**
 * The contract of one REST operation, declared once: the route, the OpenAPI document, the browser's client
 * and the tests all read it. Lives beside its domain's schema as `lib/<domain>/contract.ts`.
 */
export interface Contract<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Output extends z.ZodType = z.ZodType,
> {
  /** Operation id of the OpenAPI document: `createPrompt`. */
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with its parameters in braces: `/api/prompts/{name}`. */
  path: string
  tag: string
  summary: string
  description?: string
  params?: Params
  query?: Query
  body?: Body
  /** Body of the answer; undefined for 204. */
  output?: Output
  status: 200 | 201 | 202 | 204 | 303
  /** Errors beyond those that every route can give (invalid_input, unavailable, internal …). */
  errors: ErrorCode[]
  /** The answer has a member `etag`, sent as ETag; a matching If-None-Match answers 304. */
  etag?: boolean
  /** If-Match is required and reaches the operation as the input's `if_match`. */
  ifMatch?: boolean
  /**
   * The answer is an event stream; `output` describes the data of its events. Last-Event-ID reaches the
   * operation as the input's `after`.
   */
  stream?: boolean
  /** The answer is a document that never changes; `output` describes it. */
  kept?: boolean
  /** The media types of the files that the operation may answer instead, as the caller wishes: `text/csv`. */
  download?: readonly string[]
  /** The body may be a form with files, or a zip; the files reach the operation as the input's `uploads`. */
  upload?: boolean
  /** Idempotency-Key is honoured. */
  idempotent?: boolean
  /**
   * Another status that the same kind of answer may have: 200 for what is done already, where `status` says
   * that it was begun.
   */
  otherwise?: { status: 200 | 201; when(output: z.infer<Output>): boolean }
  /** Path of the created thing, for the Location header. */
  location?(output: z.infer<Output>): string
}

/** A file of a form, by the path that the form gave it. */
export interface Upload {
  path: string
  bytes: Uint8Array
}

type Shape = z.ZodType<Record<string, unknown>, Record<string, unknown>>

type Part<C, Key extends string> = C extends Record<Key, infer S extends z.ZodType> ? z.infer<S> : unknown

/** The input of the operation behind a contract: path, query and body in one plain object. */
export type InputOf<C> = Part<C, 'params'> &
  Part<C, 'query'> &
  Part<C, 'body'> &
  (C extends { ifMatch: true } ? { if_match: string } : unknown) &
  (C extends { upload: true } ? { uploads?: readonly Upload[] } : unknown)

/** Its output. */
export type OutputOf<C> = C extends { stream: true }
  ? StreamStart
  : C extends { kept: true }
    ? KeptDocument
    : C extends { output: infer O extends z.ZodType }
      ? z.infer<O>
      : void

/** An operation takes an actor and an input. It returns a plain object or throws an AppError. */
export type Operation<Input, Output> = (actor: Actor, input: Input) => Promise<Output>

/** Declares a contract and keeps its exact type. */
export function contract<
  const C extends Contract<P, Q, B, O>,
  P extends Shape,
  Q extends Shape,
  B extends Shape,
  O extends z.ZodType,
>(declared: C & Contract<P, Q, B, O>): C {
  return declared
}

/** Reading one thing that has a state. */
export const READ_ONE = { status: 200, etag: true, errors: errors('forbidden', 'not_found') } as const

/** Changing one thing, by whoever saw its newest state. */
export const CHANGE_ONE = {
  status: 200,
  etag: true,
  ifMatch: true,
  errors: errors('forbidden', 'not_found', 'unprocessable', 'precondition_failed', 'precondition_required'),
} as const

/** Deleting one thing, by whoever saw its newest state. */
export const DELETE_ONE = {
  status: 204,
  ifMatch: true,
  errors: errors('forbidden', 'not_found', 'precondition_failed', 'precondition_required'),
} as const

function errors(...codes: ErrorCode[]): ErrorCode[] {
  return codes
}

export type Input = Record<string, unknown>

/** A contract, the operation behind it and the scope that it asks for: one row of a domain's `routes.ts`. */
export interface Endpoint<C extends Contract = Contract> {
  readonly contract: C
  /** The operation asks for it by itself; null: it needs no right. */
  readonly scope: Scope | null
  /** Another scope that does as well, for some of what is asked. */
  readonly or: Scope | undefined
  readonly run: (actor: Actor, input: Input) => Promise<unknown>
}

/** Joins a contract and its operation; the compiler checks that they fit, and a test that the scope is the one. */
export function endpoint<const C extends Contract>(
  contract: C,
  operation: Operation<
    InputOf<C>,
    OutputOf<C> | (C extends { download: readonly string[] } ? Download : never)
  >,
  scope: Scope | null,
  { or }: { or?: Scope } = {},
): Endpoint<C> {
  // The input is parsed by this contract's schemas before the operation sees it, so it is an InputOf<C>.
  const run = (actor: Actor, input: Input) => operation(actor, input as InputOf<C>)
  return { contract, run, scope, or }
}
