import { webRoute } from '../door/web.ts'
import { restProtocol } from './handle.ts'
import { NOTHING } from './resource.ts'
import { RESOURCES } from './table.ts'

/** The exports of each REST route file; the table of routes has the endpoint behind its path. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = webRoute(({ url }) =>
  restProtocol(RESOURCES.find(new URL(url).pathname) ?? NOTHING),
)
