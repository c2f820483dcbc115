import { mcpRoute } from '#lib/mcp/endpoint.ts'
import { streamableHttp } from '#lib/mcp/streamable-http.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = mcpRoute(streamableHttp)
