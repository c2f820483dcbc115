import { mcpRoute } from '#lib/mcp/endpoint.ts'
import { streamableHttp } from '#lib/mcp/transport/streamable-http.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = mcpRoute(streamableHttp)
