import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { strToU8, zipSync } from 'fflate'

/** A git host on loopback that serves one archive. */
export interface GitHost {
  url: string
  /** Headers of each request so far, in their order. */
  requests: IncomingMessage['headers'][]
  /** How it answers from now on. */
  answer: (response: ServerResponse, request: IncomingMessage) => void
  close(): Promise<void>
}

/** Starts a host on a free port; it answers with 404 at first. */
export async function gitHost(): Promise<GitHost> {
  const server = createServer((request, response) => {
    host.requests.push(request.headers)
    host.answer(response, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const host: GitHost = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    answer: (response) => void response.writeHead(404).end(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return host
}

/** Answers with a zip as git hosts make it: everything in one folder. */
export function serves(files: Record<string, string>): GitHost['answer'] {
  const packed = Object.entries(files).map(([path, text]) => [`own-repo-1f0c2a7/${path}`, strToU8(text)])
  const zip = zipSync(Object.fromEntries(packed))
  return (response) => void response.writeHead(200, { 'content-type': 'application/zip' }).end(zip)
}

/** The headers by which GitHub signs a body. */
export function hubHeaders(body: string, secret: string, event = 'push'): Record<string, string> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return { 'x-github-event': event, 'x-hub-signature-256': `sha256=${signature}` }
}
