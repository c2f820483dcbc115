import { handle } from './handle.ts'
import { NOTHING } from './resource.ts'
import { RESOURCES } from './rest.ts'
import { webRequest, webResponse } from './web.ts'

type Handler = (request: Request) => Promise<Response>
type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

const handler: Handler = async (request) => {
  const { pathname } = new URL(request.url)
  return webResponse(request, await handle(RESOURCES.find(pathname) ?? NOTHING, webRequest(request)))
}

/**
 * What each route file of REST exports; the table of routes says what is behind its path. Every method is
 * answered here, so that 405, OPTIONS and HEAD are ours too.
 */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS }: Record<Method, Handler> = {
  GET: handler,
  HEAD: handler,
  POST: handler,
  PUT: handler,
  PATCH: handler,
  DELETE: handler,
  OPTIONS: handler,
}
