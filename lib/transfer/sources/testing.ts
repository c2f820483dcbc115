import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A server on a free port of loopback that plays a source of prompts. */
export interface Double {
  url: string
  /** Paths that were asked for, in their order. */
  asked: string[]
  /** How it answers from now on. */
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>
  close(): Promise<void>
}

export async function sourceDouble(answer: Double['answer']): Promise<Double> {
  const server = createServer((request, response) => {
    double.asked.push(request.url ?? '')
    void double.answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const double: Double = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    answer,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return double
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
