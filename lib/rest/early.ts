import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveNode } from '../door/node.ts'
import { asAppError } from '../door/problem.ts'
import { type AppError, appError } from '../errors.ts'
import { decodeLeniently } from './address.ts'
import { restProtocol } from './handle.ts'
import { RESOURCES } from './table.ts'

/** Methods that Next's router can answer; at any other it fails with 500. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const KNOWN: ReadonlySet<string> = new Set(METHODS)

/**
 * REST before Next's router, which would cost each request a millisecond, and fails at some requests or changes
 * them. What is not in the table of routes goes on to Next: pages, redirects, and the route file that says that
 * there is nothing.
 * @returns whether the request was taken
 */
export function restEarly(request: IncomingMessage, response: ServerResponse): boolean {
  const { path } = addressOf(request)
  const resource = restFault(request) === undefined ? RESOURCES.find(path) : undefined
  if (resource === undefined) return false
  serveNode(restProtocol(resource), request, response)
  return true
}

/** Why Next's router cannot answer a request: it would fail with 500. Undefined when it can. */
export function restFault(request: IncomingMessage): { error: AppError; allow?: string } | undefined {
  const { method = 'GET' } = request
  if (!KNOWN.has(method))
    return {
      error: appError('method_not_allowed', `${method} is not possible here.`),
      allow: METHODS.join(', '),
    }
  const { path, search } = addressOf(request)
  const error = addressFault(path, search)
  return error && { error }
}

function addressOf({ url = '/' }: IncomingMessage): { path: string; search: string } {
  const query = url.indexOf('?')
  return query === -1
    ? { path: url, search: '' }
    : { path: url.slice(0, query), search: url.slice(query + 1) }
}

/** The fault in the escapes of an address: Next fails at those of a path, and replaces those of a query. */
function addressFault(path: string, search: string): AppError | undefined {
  if (path.includes('%') && !isDecodable(path))
    return appError('invalid_input', 'The path holds broken percent-encoding.')
  if (!search.includes('%') || !path.startsWith('/api/')) return undefined
  try {
    decodeLeniently(search)
    return undefined
  } catch (error) {
    return asAppError(error)
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
