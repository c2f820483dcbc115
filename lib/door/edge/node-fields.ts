import type { Socket } from 'node:net'

/*
 * What Node keeps under names of its own and tells nowhere else. Where one of them is missing, the answers
 * here are those of a connection that is read well.
 */

/** How much of what was written to a socket the kernel has taken (`taken`), and how much waits for it. */
export function progressOf(socket: Socket): { taken: number; waiting: number } {
  // Node's own socket timeout looks at the same two numbers.
  const handle: unknown = Reflect.get(socket, '_handle')
  if (typeof handle !== 'object' || handle === null) return { taken: 0, waiting: 0 }
  const waiting = Number(Reflect.get(handle, 'writeQueueSize') ?? 0)
  return { taken: Number(Reflect.get(handle, 'bytesWritten') ?? 0) - waiting, waiting }
}

/** Whether an answer has begun on a socket: other bytes would become part of it. */
export function hasBegunAnswer(socket: Socket): boolean {
  const response: unknown = Reflect.get(socket, '_httpMessage')
  return typeof response === 'object' && response !== null && Reflect.get(response, 'headersSent') === true
}
