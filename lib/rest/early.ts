import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseNode, serveNode } from '../door/node.ts'
import { asAppError } from '../door/problem.ts'
import { appError } from '../errors.ts'
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
  const { method = 'GET', url = '/' } = request
  const query = url.indexOf('?')
  const path = query === -1 ? url : url.slice(0, query)
  if (!KNOWN.has(method)) {
    const error = appError('method_not_allowed', `${method} is not possible here.`)
    refuseNode(request, response, error, { allow: METHODS.join(', ') })
    return true
  }
  const fault = addressFault(path, query === -1 ? '' : url.slice(query + 1))
  if (fault !== undefined) {
    refuseNode(request, response, fault)
    return true
  }
  const resource = RESOURCES.find(path)
  if (resource === undefined) return false
  serveNode(restProtocol(resource), request, response)
  return true
}

/** The fault in the escapes of an address: Next fails at those of a path, and replaces those of a query. */
function addressFault(path: string, search: string): Error | undefined {
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
