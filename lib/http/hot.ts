import type { IncomingMessage, ServerResponse } from 'node:http'
import { appError } from '../errors.ts'
import { changesResource } from './changes.ts'
import type { Resource } from './endpoint.ts'
import { generationsResource } from './generations.ts'
import { refuseNode, serveNode } from './node.ts'
import { isRenderPath, renderResource } from './render.ts'

/** Whole addresses, with every method. */
const RESOURCES: ReadonlyMap<string, Resource> = new Map([
  ['/api/changes', changesResource],
  ['/api/generations', generationsResource],
])

/** What Next's router can answer; at any other method it fails with 500. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const KNOWN: ReadonlySet<string> = new Set(METHODS)

/**
 * What REST does before Next's router: it renders and asks for generations (the router would cost each request
 * a millisecond), it streams changes, and it refuses what the router would fail at. Both are answered as the route files answer them:
 * through the same core.
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
  if (path.includes('%') && !isDecodable(path)) {
    refuseNode(request, response, appError('invalid_input', 'The path holds broken percent-encoding.'))
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

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
