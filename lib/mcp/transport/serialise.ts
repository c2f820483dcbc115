import type { Body, HttpAnswer } from '../../door/message.ts'
import { stalenessHeaders } from '../../door/problem.ts'
import { STREAM_HEADERS, type StreamStart } from '../../event-stream.ts'
import { ttlOf } from '../methods.ts'
import { serverInfo } from '../server-info.ts'
import { keptBytes } from './kept-bytes.ts'
import { isObject, type JsonObject, type RequestId, type Revision, STATELESS_REVISION } from './message.ts'

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

const SERVER_INFO = 'io.modelcontextprotocol/serverInfo'

/** A result of 2026-07-28: says that it is one, how long it holds, and who gives it. */
function stateless(method: string, result: JsonObject): JsonObject {
  const ttlMs = ttlOf(method)
  return {
    ...result,
    // An answer that asks for a form says so itself.
    resultType: result.resultType ?? 'complete',
    // Every answer depends on the requester and on the address.
    ...(ttlMs === undefined ? {} : { ttlMs, cacheScope: 'private' }),
    _meta: { ...(isObject(result._meta) ? result._meta : {}), [SERVER_INFO]: serverInfo() },
  }
}

/** The answer to a request. */
export function resultAnswer(
  id: RequestId,
  method: string,
  result: JsonObject,
  revision: Revision,
): HttpAnswer {
  const start = `{"jsonrpc":"2.0","id":${JSON.stringify(id)}`
  const stale = stalenessHeaders()
  const bytes = keptBytes(result)
  if (bytes === undefined)
    return json(200, `${start},"result":${serialise(method, result, revision)}}`, stale)
  const form = revision === STATELESS_REVISION ? 'stateless' : 'handshake'
  bytes[form] ??= Buffer.from(`,"result":${serialise(method, result, revision)}}`)
  return json(200, { start, rest: bytes[form] }, stale)
}

function serialise(method: string, result: JsonObject, revision: Revision): string {
  return JSON.stringify(revision === STATELESS_REVISION ? stateless(method, result) : result)
}
