import { request } from 'node:http'

/** One request as bytes on a connection of its own; `fetch` would not let a test lie about the Host. */
export interface Sent {
  method: string
  path: string
  headers?: Record<string, string>
  /** An object is sent as JSON with its media type; a text or bytes as they are. */
  body?: object | string | Uint8Array
  /** In chunks, without a Content-Length. */
  chunked?: boolean
}

export interface Received {
  status: number
  headers: Record<string, string>
  text: string
  /** The parsed body; undefined when there is none or it is no JSON. */
  json: unknown
}

/** Sends a request to an app and reads the whole answer. */
export function exchange(app: { url: string }, sent: Sent): Promise<Received> {
  const { hostname, port } = new URL(app.url)
  const { body, headers } = bytesOf(sent)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method: sent.method, path: sent.path, headers, agent: false },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve(received(incoming.statusCode, incoming.headers, Buffer.concat(chunks))),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function bytesOf({ body, headers, chunked }: Sent) {
  const isJson = typeof body === 'object' && !(body instanceof Uint8Array)
  const bytes = isJson ? Buffer.from(JSON.stringify(body)) : Buffer.from(body ?? '')
  return {
    body: bytes,
    headers: {
      ...(isJson && { 'content-type': 'application/json' }),
      ...(body !== undefined &&
        (chunked === true
          ? { 'transfer-encoding': 'chunked' }
          : { 'content-length': String(bytes.byteLength) })),
      ...headers,
    },
  }
}

function received(status = 0, headers: NodeJS.Dict<string | string[]>, body: Buffer): Received {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  const text = body.toString('utf8')
  const isJson = text !== '' && /\bjson\b/.test(String(headers['content-type']))
  return { status, headers: Object.fromEntries(flat), text, json: isJson ? JSON.parse(text) : undefined }
}
