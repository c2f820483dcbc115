import { randomUUID } from 'node:crypto'
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRuntime } from '../../runtime.ts'
import { RequestRecord } from '../message.ts'
import { recordAnswer } from '../record.ts'
import { safetyHeaders } from '../safety-headers.ts'
import { hasBegunAnswer } from './connections.ts'

interface Refusal {
  status: 400 | 405 | 408 | 413 | 431
  detail: string
  headers?: string
}

const NO_HTTP: Refusal = { status: 400, detail: 'What was sent is no HTTP/1.1 request.' }

/** The errors of Node's parser, in our words. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: 'The address and the headers of the request are larger than 16 kB together.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The chunk extensions of the body are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive in time.' },
}

/** Answers bytes that are no request; nothing but the socket is there to answer on. */
export function refuseBytes(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  // Another answer may be on its way: more bytes would become part of it, and it shall still arrive.
  if (socket instanceof Socket && hasBegunAnswer(socket)) return socket.destroySoon()
  const isHead = error.rawPacket?.subarray(0, 5).toString('latin1') === 'HEAD '
  refuse(socket, REFUSALS[error.code ?? ''] ?? NO_HTTP, isHead)
}

/** Answers CONNECT, which asks for a tunnel. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  refuse(socket, {
    status: 405,
    detail: 'This server is no proxy: CONNECT is not possible.',
    headers: 'Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n',
  })
}

function refuse(socket: Duplex, { status, detail, headers = '' }: Refusal, isHead = false): void {
  const started = performance.now()
  const id = randomUUID()
  const title = STATUS_CODES[status] ?? ''
  const code = status === 405 ? 'method_not_allowed' : 'invalid_input'
  const body = JSON.stringify({
    type: `urn:incipit:problem:${code}`,
    title,
    status,
    detail,
    code,
    request_id: id,
  })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${id}`,
    'Connection: close',
    ...Object.entries(safetyHeaders()).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n${headers}\r\n${isHead ? '' : body}`, () => socket.destroy())
  if (getRuntime().phase !== 'closed') {
    const unread = { id, method: 'none', record: new RequestRecord() }
    recordAnswer('rest', unread, { status, started })
  }
}
