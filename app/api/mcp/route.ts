import { streamableHttp } from '#lib/mcp/streamable-http.ts'
import { mcpRoute } from '#lib/mcp/web.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = mcpRoute(streamableHttp)
