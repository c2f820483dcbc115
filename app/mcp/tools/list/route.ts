import { mcpRoute } from '#lib/mcp/endpoint.ts'
import { originalPath } from '#lib/mcp/node.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = mcpRoute(originalPath('tools/list'))
