import { webRoute } from '#lib/door/web.ts'
import { authProtocol } from '#lib/people/auth/protocol.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = webRoute(({ url }) =>
  authProtocol(new URL(url).pathname),
)
