import type { IncomingMessage, ServerResponse } from 'node:http'
import { appError } from '../errors.ts'
import { changesResource } from './changes.ts'
import type { Resource } from './endpoint.ts'
import { generationsResource } from './generations.ts'
import { decodeLeniently } from './input.ts'
import { refuseNode, serveNode } from './node.ts'
import { openApiResource } from './openapi-resource.ts'
import { asAppError } from './problem.ts'
import { isRenderPath, renderResource } from './render.ts'

/** Whole addresses, with every method. */
const RESOURCES: ReadonlyMap<string, Resource> = new Map([
  ['/api/changes', changesResource],
  ['/api/generations', generationsResource],
  ['/api/openapi.json', openApiResource],
])

/** What Next's router can answer; at any other method it fails with 500. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const KNOWN: ReadonlySet<string> = new Set(METHODS)

/**
 * What REST does before Next's router: it renders and asks for generations (the router would cost each request
 * a millisecond), it streams changes, and it refuses what the router would fail at or change. All of it is
 * answered as the route files answer it: through the same core.
 * @returns whether the request was taken
 */
export function restHot(request: IncomingMessage, response: ServerResponse): boolean {
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
  const resource = RESOURCES.get(path)
  if (resource !== undefined) {
    serveNode(resource, request, response)
    return true
  }
  if ((method !== 'GET' && method !== 'POST') || !isRenderPath(path)) return false
  serveNode(renderResource, request, response)
  return true
}

/** What is wrong with the escapes of an address: Next fails at those of a path, and replaces those of a query. */
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
