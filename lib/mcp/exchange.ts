/** What the handlers of lib/mcp answer; the adapters of Node and of the Web send it. */

export type McpAnswer = PlainAnswer | StreamAnswer

export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** undefined: no body. */
  readonly body: string | KeptBody | undefined
}

/** A body whose larger part is kept ready: joining them for each answer would cost more than all else. */
export interface KeptBody {
  readonly start: string
  readonly rest: Uint8Array
}

/** A body as one text. */
export function bodyText(body: string | KeptBody): string {
  return typeof body === 'string' ? body : body.start + Buffer.from(body.rest).toString()
}

/** An event stream: `start` is called once with where to write and answers how to stop. */
export interface StreamAnswer {
  readonly headers: Readonly<Record<string, string>>
  readonly start: (sink: Sink) => () => void
}

/** Where an event stream is written to. */
export interface Sink {
  /** Hands bytes over; false: the reader is slow, wait for `onDrain`. */
  write(frame: string | Uint8Array): boolean
  onDrain(listener: () => void): void
  end(): void
}

export function isStream(answer: McpAnswer): answer is StreamAnswer {
  return 'start' in answer
}

const JSON_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
}

export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // Proxies would otherwise collect events before they pass them on.
  'x-accel-buffering': 'no',
}

/** An answer with a JSON body. */
export function json(status: number, body: string | KeptBody, headers?: Record<string, string>): PlainAnswer {
  return { status, headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers }, body }
}

/** The answer to notifications and posted responses. */
export const ACCEPTED: PlainAnswer = { status: 202, headers: {}, body: undefined }
