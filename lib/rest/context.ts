import { createHash } from 'node:crypto'
import type { RequestContext } from '../access/actor.ts'
import type { Contract } from '../contract.ts'
import type { HttpRequest } from '../door/message.ts'
import { appError } from '../errors.ts'
import { SURFACE_HEADER } from './client.ts'

const PRODUCT = /^([^\s/();,]{1,64})(?:\/([^\s();,]{1,32}))?/
const BROWSER = /\b(Edg|OPR|Firefox|Chrome|Version)\/([\d.]{1,32})/
const KEY = /^[\x21-\x7e]{1,255}$/
const REVISION = /^\d{1,15}$/

/**
 * The context of a request, apart from its input.
 * @throws invalid_input for an Idempotency-Key or Incipit-Revision out of bounds
 */
export function requestContext(request: HttpRequest, contract: Contract, body: Uint8Array): RequestContext {
  const surface = isOwnPage(request) && isBrowser(request) ? 'browser' : 'rest'
  const { id, address, record } = request
  record.client = clientOf(request.header('user-agent'), surface)
  return {
    id,
    surface,
    client: record.client,
    address,
    trace: record.trace,
    idempotency: contract.idempotent === true ? idempotencyOf(request, body) : undefined,
    revision: revisionOf(request.header('incipit-revision')),
    outcome: {},
  }
}

function isOwnPage(request: HttpRequest): boolean {
  return request.header('sec-fetch-site') === 'same-origin' || request.header(SURFACE_HEADER) === 'browser'
}

/** Reads of pages are no uses: a client that poses as a page is counted as what it is. */
function isBrowser(request: HttpRequest): boolean {
  return request.header('user-agent')?.startsWith('Mozilla/') === true
}

function clientOf(agent: string | undefined, surface: 'browser' | 'rest'): RequestContext['client'] {
  if (agent === undefined) return undefined
  // Every browser calls itself Mozilla first.
  const match = (surface === 'browser' ? BROWSER.exec(agent) : null) ?? PRODUCT.exec(agent)
  const name = match?.[1]
  return name === undefined ? undefined : { name, version: match?.[2] }
}

function idempotencyOf(request: HttpRequest, body: Uint8Array): RequestContext['idempotency'] {
  const key = request.header('idempotency-key')
  if (key === undefined) return undefined
  if (!KEY.test(key))
    throw headerFault('Idempotency-Key', 'must be 1 to 255 visible ASCII characters without spaces')
  const bodyHash = createHash('sha256').update(request.search).update('\n').update(body).digest('hex')
  return { route: `${request.method} ${request.path}`, key, bodyHash }
}

function revisionOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  if (!REVISION.test(header))
    throw headerFault('Incipit-Revision', 'must be the number that an earlier answer carried')
  return Number(header)
}

/** The error for a header that cannot be used. */
export function headerFault(name: string, message: string, hint?: string): Error {
  return appError('invalid_input', `The header ${name} ${message}.`, {
    details: [{ path: [name], code: 'invalid_header', message, ...(hint !== undefined && { hint }) }],
  })
}
