import { z } from 'zod'
import type { Contract, Input, Upload } from '../contract.ts'
import { announcesBody, checkMediaType, parseBody, readBody } from '../door/body.ts'
import type { HttpRequest } from '../door/message.ts'
import { appError } from '../errors.ts'
import { parseJson } from '../json.ts'
import { getRuntime } from '../runtime.ts'
import { issueDetails, schemaFault } from './issues.ts'

const FORM = /^multipart\/form-data\s*;.*\bboundary=/i
const ZIP = /^application\/(?:zip|x-zip-compressed|octet-stream)\b/i

/**
 * Refuses a body that is no form, no zip and no JSON.
 * @throws unsupported_media_type
 */
export function checkUploadType(request: HttpRequest): void {
  const type = request.header('content-type') ?? ''
  if (!FORM.test(type) && !ZIP.test(type)) checkMediaType(request)
}

/** Reads the body within the limits of an import; JSON has the same as everywhere. */
export function readUpload(request: HttpRequest): Promise<Uint8Array> {
  const type = request.header('content-type') ?? ''
  if (!FORM.test(type) && !ZIP.test(type)) return readBody(request)
  if (!announcesBody(request)) return Promise.resolve(new Uint8Array())
  const { import_bytes, import_body_ms: milliseconds } = getRuntime().config.limits
  // A form says something around its files.
  const bytes = import_bytes + Math.min(import_bytes, ROOM_OF_FORM)
  return request.readBody({ bytes, milliseconds, key: 'limits.import_bytes' })
}

const ROOM_OF_FORM = 4_194_304

/**
 * The parts of a body: files, and what is said beside them.
 * @throws invalid_input, too_large
 */
export async function uploadParts(
  contract: Contract,
  request: HttpRequest,
  body: Uint8Array,
): Promise<Input> {
  const type = request.header('content-type') ?? ''
  if (ZIP.test(type) && body.byteLength > 0) return { uploads: [{ path: 'upload.zip', bytes: body }] }
  if (!FORM.test(type)) return parsed(contract, parseBody(body))
  const form = await readForm(type, body)
  const uploads: Upload[] = []
  const said: Record<string, unknown> = {}
  for (const [name, value] of form) {
    if (typeof value !== 'string' && name === 'file')
      uploads.push({
        path: value.name.replace(/^\.\//, ''),
        bytes: new Uint8Array(await value.arrayBuffer()),
      })
    else said[name] = jsonPart(name, typeof value === 'string' ? value : await value.text())
  }
  return { ...parsed(contract, said), uploads }
}

async function readForm(type: string, body: Uint8Array): Promise<FormData> {
  try {
    // Node's own reader; the bytes are here already, and counted.
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  } catch (error) {
    throw appError('invalid_input', 'The body is no whole form (multipart/form-data).', { cause: error })
  }
}

function jsonPart(name: string, text: string): unknown {
  const { json_depth: depth, json_keys: keys, import_files } = getRuntime().config.limits
  try {
    return parseJson(text, { depth, keys, values: 20 * import_files })
  } catch (error) {
    const message = `The part ${name} of the form must be JSON`
    throw appError('invalid_input', `${message}.`, {
      details: [{ path: [name], code: 'not_json', message }],
      cause: error,
    })
  }
}

function parsed(contract: Contract, value: unknown): Input {
  const result = (contract.body ?? z.strictObject({})).safeParse(value)
  if (result.success) return result.data
  throw schemaFault(issueDetails(result.error.issues, 'body'))
}
