import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

/** A request as the receiver took it. */
export interface Received {
  id: string
  timestamp: number
  signatures: string[]
  headers: IncomingHttpHeaders
  body: string
  event: { type: string; timestamp: string; data: Record<string, unknown> }
}

export interface WebhookReceiver {
  url: string
  requests: Received[]
  /** How it answers from now on; with 204 at first. */
  answer: (response: ServerResponse, request: Received) => void
  /** Waits until so many requests have come. */
  received(count: number): Promise<Received[]>
  close(): Promise<void>
}

/** Starts a receiver on a free port, which takes everything. */
export async function webhookReceiver(): Promise<WebhookReceiver> {
  const requests: Received[] = []
  const waiting: { count: number; resolve: (all: Received[]) => void }[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => void pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString('utf8')
      const header = (name: string) => String(request.headers[name])
      const taken = {
        id: header('webhook-id'),
        timestamp: Number(header('webhook-timestamp')),
        signatures: header('webhook-signature').split(' '),
        headers: request.headers,
        body,
        event: JSON.parse(body),
      }
      requests.push(taken)
      receiver.answer(response, taken)
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve(requests)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hook`,
    requests,
    answer: (response) => void response.writeHead(204).end(),
    received(count) {
      if (requests.length >= count) return Promise.resolve(requests)
      return new Promise((resolve) => void waiting.push({ count, resolve }))
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}

/** Whether a secret signed a request, as a receiver checks it. */
export function isSignedBy({ id, timestamp, body, signatures }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return signatures.includes(`v1,${expected}`)
}
