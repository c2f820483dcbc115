import { webRoute } from '../door/web.ts'
import { restProtocol } from './handle.ts'
import { NOTHING } from './resource.ts'
import { RESOURCES } from './table.ts'

/** What each route file of REST exports; the table of routes says what is behind its path. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = webRoute(({ url }) =>
  restProtocol(RESOURCES.find(new URL(url).pathname) ?? NOTHING),
)
