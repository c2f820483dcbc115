import { appError } from '../errors.ts'
import { parseJson } from '../json.ts'
import { getRuntime } from '../runtime.ts'
import type { HttpRequest } from './message.ts'

const JSON_TYPE = /^application\/(?:json|merge-patch\+json)\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

const EMPTY = new Uint8Array()
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Refuses a changing request whose body is not JSON: forms and plain text are what a page elsewhere can
 * send without the browser asking first.
 * @throws unsupported_media_type
 */
export function checkMediaType(request: HttpRequest): void {
  const type = request.header('content-type')
  if (type === undefined ? announcesBody(request) : !JSON_TYPE.test(type))
    throw appError('unsupported_media_type', 'The body must be JSON: send Content-Type: application/json.', {
      details: [{ path: ['Content-Type'], code: 'not_json', message: 'must be application/json' }],
    })
  const encoding = request.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity')
    throw appError('unsupported_media_type', 'A compressed body is not accepted.', {
      details: [{ path: ['Content-Encoding'], code: 'encoded', message: 'must be left out' }],
    })
}

/** Reads the body within the configured limits. Empty when none was sent. */
export function readBody(request: HttpRequest): Promise<Uint8Array> {
  if (!announcesBody(request)) return Promise.resolve(EMPTY)
  const { body_bytes: bytes, body_ms: milliseconds } = getRuntime().config.limits
  return request.readBody({ bytes, milliseconds })
}

/** The JSON value of a body; an empty one reads as an empty object. @throws invalid_input, too_large */
export function parseBody(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {}
  const { json_depth: depth, json_keys: keys, json_values: values } = getRuntime().config.limits
  return parseJson(decodeUtf8(body), { depth, keys, values })
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return UTF8.decode(body)
  } catch (error) {
    throw appError('invalid_input', 'The body is not valid UTF-8.', { cause: error })
  }
}

/** Whether a body follows the headers. */
export function announcesBody(request: HttpRequest): boolean {
  const length = request.header('content-length')
  return request.header('transfer-encoding') !== undefined || (length !== undefined && length !== '0')
}
