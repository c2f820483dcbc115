import type { Body, HttpAnswer } from '../door/message.ts'
import { STREAM_HEADERS, type StreamStart } from '../event-stream.ts'

const JSON_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
}

/** An answer with a JSON body. */
export function json(status: number, body: Body, headers?: Record<string, string>): HttpAnswer {
  return { status, headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers }, body }
}

/** The answer to notifications and posted responses. */
export const ACCEPTED: HttpAnswer = { status: 202, headers: {}, body: '' }

/** An answer that is an event stream. */
export function streamAnswer(stream: StreamStart): HttpAnswer {
  return { status: 200, headers: STREAM_HEADERS, body: '', stream }
}
