/** A whole HTTP/1.1 request as bytes, made before the clock runs. */
export function request(
  url: URL,
  {
    method = 'GET',
    path,
    headers = {},
    body,
  }: { method?: string; path: string; headers?: Record<string, string>; body?: unknown },
): Buffer {
  const payload = body === undefined ? '' : JSON.stringify(body)
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${url.host}`]
  if (body !== undefined)
    lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(payload)}`)
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${payload}`)
}

/** A JSON-RPC call to the MCP endpoint, as a client of the given revision sends it. */
export function mcpRequest(
  url: URL,
  method: string,
  params: unknown,
  id = 1,
  revision = '2025-11-25',
): Buffer {
  return request(url, {
    method: 'POST',
    path: '/api/mcp',
    headers: { Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': revision },
    body: { jsonrpc: '2.0', id, method, params },
  })
}
