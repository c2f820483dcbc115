import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection whose bytes a test writes itself. */
export interface RawConnection {
  socket: Socket
  /** Everything that arrived so far. */
  readonly text: string
  readonly closed: boolean
}

export async function openConnection(app: { port: number }): Promise<RawConnection> {
  const socket = connect(app.port, '127.0.0.1')
  const state = { closed: false, text: '' }
  socket.on('data', (chunk) => {
    state.text += chunk.toString()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    state.closed = true
  })
  await once(socket, 'connect')
  return {
    socket,
    get text() {
      return state.text
    },
    get closed() {
      return state.closed
    },
  }
}
