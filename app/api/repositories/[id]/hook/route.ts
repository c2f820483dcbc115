import { webRoute } from '#lib/door/web.ts'
import { hookProtocol } from '#lib/repositories/protocol.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = webRoute(() => hookProtocol)
