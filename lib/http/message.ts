import type { StreamStart } from '../event-stream.ts'

/** One request as the core sees it, whatever server brought it. */
export interface HttpRequest {
  readonly method: string
  /** Path as it was sent, percent-encoding included. */
  readonly path: string
  /** Query without its question mark; empty when there is none. */
  readonly search: string
  /** The address at the other end of the connection, where it is known. */
  readonly address?: string | undefined
  /** A header by its lower-case name. */
  header(name: string): string | undefined
  /** Reads the body once, counting while it streams in. @throws too_large, invalid_input */
  readBody(limits: BodyLimits): Promise<Uint8Array>
  /** Aborted when the client goes away before it has the whole answer. */
  readonly gone?: AbortSignal
}

export interface BodyLimits {
  bytes: number
  milliseconds: number
  /** The setting behind `bytes`, for errors: `limits.body_bytes` when left out. */
  key?: string
}

/** One answer: the adapter sends it as it is, and leaves the body out for HEAD. */
export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer>
  /** An event stream instead of a body. */
  stream?: StreamStart
}
