import { webRoute } from '#lib/door/web.ts'
import { cardProtocolAt } from '#lib/mcp/card-protocol.ts'
import { wellKnownProtocol } from '#lib/oauth/protocol.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = webRoute(({ url }) => {
  const { pathname } = new URL(url)
  return cardProtocolAt(pathname) ?? wellKnownProtocol(pathname)
})
