import { webRoute } from '#lib/door/web.ts'
import { oauthProtocolAt } from '#lib/oauth/protocol.ts'
import { authProtocol } from '#lib/people/auth/protocol.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = webRoute(({ url }) => {
  const { pathname } = new URL(url)
  return oauthProtocolAt(pathname) ?? authProtocol(pathname)
})
