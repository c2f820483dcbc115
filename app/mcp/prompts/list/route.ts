import { originalPath } from '#lib/mcp/original-paths.ts'
import { mcpRoute } from '#lib/mcp/web.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = mcpRoute(originalPath('prompts/list'))
