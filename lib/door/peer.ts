import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { getRuntime } from '../runtime.ts'

const HEADER = 'x-incipit-peer'

/** Known to this process alone, so that nobody else can say who is at the other end. */
function seal(): string {
  return getRuntime().once('http.peer', () => `${randomBytes(16).toString('base64url')} `)
}

/**
 * Notes the address at the other end of a connection where Next's routes find it: they get no more of a request
 * than its headers. What a client sent under this name is gone.
 */
export function notePeer(request: IncomingMessage): void {
  request.headers[HEADER] = seal() + (request.socket.remoteAddress ?? '')
}

/** The address that `notePeer` noted; undefined where there was no edge, whatever a client says. */
export function notedPeer(headers: Headers): string | undefined {
  const noted = headers.get(HEADER)
  if (noted?.startsWith(seal()) !== true) return undefined
  return noted.slice(seal().length) || undefined
}
