import { mcpRoute } from '#lib/mcp/endpoint.ts'
import { originalPath } from '#lib/mcp/transport/node.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = mcpRoute(originalPath('tools/call'))
