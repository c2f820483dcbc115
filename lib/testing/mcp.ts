import { once } from 'node:events'
import { createServer } from 'node:http'
import { mcpEarly } from '../mcp/transport/node.ts'

/** The MCP addresses of this process on a port of their own, as the production server offers them. */
export interface McpServerForTests {
  readonly url: string
  /** Sends one message and answers status, headers and the JSON body. */
  post(message: unknown, headers?: Record<string, string>, path?: string): Promise<McpReply>
  /** Sends one request of 2026-07-28 with the envelope and headers that it must have. */
  postStateless(method: string, params?: Record<string, unknown>, path?: string): Promise<McpReply>
  close(): Promise<void>
}

export interface McpReply {
  status: number
  headers: Headers
  body: unknown
}

const STATELESS = '2026-07-28'

/** Members of `_meta` that every request of 2026-07-28 has. */
export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': STATELESS,
  'io.modelcontextprotocol/clientInfo': { name: 'test-client', version: '1.2.3' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** The headers that must repeat a request of 2026-07-28. */
export function statelessHeaders(method: string, params: Record<string, unknown>): Record<string, string> {
  const name = params.name ?? params.uri
  return {
    'mcp-protocol-version': STATELESS,
    'mcp-method': method,
    ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
  }
}

export async function serveMcp(): Promise<McpServerForTests> {
  // An idle connection must not be closed while a client is about to use it again.
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    if (!mcpEarly(request, response)) response.writeHead(404).end()
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}`
  const post: McpServerForTests['post'] = async (message, headers = {}, path = '/api/mcp') => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: typeof message === 'string' ? message : JSON.stringify(message),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    }
  }
  return {
    url,
    post,
    postStateless: (method, params = {}, path) =>
      post(
        { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } },
        statelessHeaders(method, params),
        path,
      ),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
