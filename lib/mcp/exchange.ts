import type { StreamStart } from '../event-stream.ts'

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
  readonly start: StreamStart
}

export function isStream(answer: McpAnswer): answer is StreamAnswer {
  return 'start' in answer
}

const JSON_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
}

/** An answer with a JSON body. */
export function json(status: number, body: string | KeptBody, headers?: Record<string, string>): PlainAnswer {
  return { status, headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers }, body }
}

/** The answer to notifications and posted responses. */
export const ACCEPTED: PlainAnswer = { status: 202, headers: {}, body: undefined }
