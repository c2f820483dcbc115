import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveNode } from './node.ts'
import { isRenderPath, renderResource } from './render.ts'

/**
 * Takes `GET|POST /api/prompts/{name}/render` before Next's router, which costs a request a millisecond.
 * Answers what the route file answers: both go through the same core.
 * @returns whether the request was taken
 */
export function renderHot(request: IncomingMessage, response: ServerResponse): boolean {
  const { method, url } = request
  if (url === undefined || !url.startsWith('/api/prompts/')) return false
  if (method !== 'GET' && method !== 'POST') return false
  const query = url.indexOf('?')
  if (!isRenderPath(query === -1 ? url : url.slice(0, query))) return false
  serveNode(renderResource, request, response)
  return true
}
