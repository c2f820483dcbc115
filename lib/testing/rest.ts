const ORIGIN = 'http://localhost:3000'

/** A request to a route file, as a client of this machine would send it. @param path with its query */
export function restRequest(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Request {
  const text = body === undefined ? null : JSON.stringify(body)
  return new Request(`${ORIGIN}${path}`, {
    method,
    body: text,
    headers: {
      host: 'localhost:3000',
      ...(text !== null && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
      ...headers,
    },
  })
}

/** One tool call of the original system's paths. */
export function toolCall(name: string, args: object): Request {
  const params = { name, arguments: args }
  return restRequest('POST', '/mcp/tools/call', { jsonrpc: '2.0', id: 1, method: 'tools/call', params })
}
