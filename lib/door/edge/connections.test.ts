import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { createRuntime, setRuntime } from '../../runtime.ts'
import { Connections } from './connections.ts'

const MEGABYTE = 1_048_576
/** More than the kernel keeps for one connection. */
const BIG = Buffer.alloc(16 * MEGABYTE, 'x')

let server: Server
let watched: Connections
let clients: Socket[] = []
/** The server's ends of the connections. */
let served: Socket[] = []

beforeEach(() => setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere'))))
afterEach(async () => {
  for (const client of clients) client.destroy()
  clients = []
  served = []
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  setRuntime(undefined)
})

type Limits = { first_byte_ms: number; write_stall_ms: number; unsent_bytes: number }

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  limits: Partial<Limits> = {},
): Promise<void> {
  watched = new Connections({
    first_byte_ms: 400,
    write_stall_ms: 400,
    unsent_bytes: 1_000 * MEGABYTE,
    ...limits,
  })
  server = createServer(answer).listen(0, '127.0.0.1')
  server.on('connection', (socket) => {
    served.push(socket)
    watched.add(socket)
  })
  await once(server, 'listening')
}

const isPort = (address: AddressInfo | string | null): address is AddressInfo => typeof address === 'object'

/** A connection that reads nothing until it is told to. */
async function client(text = ''): Promise<Socket> {
  const address = server.address()
  if (!isPort(address)) throw new Error('no port')
  const socket = connect({ port: address.port, host: '127.0.0.1' })
  clients.push(socket)
  socket.pause()
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  if (text !== '') socket.write(text)
  return socket
}

const ASK = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Looks as often as the server would, until something holds or too many looks were taken. */
async function looksUntil(holds: () => boolean, most = 100): Promise<number> {
  for (let looks = 0; looks < most; looks++) {
    if (holds()) return looks
    watched.look()
    await pause(10)
  }
  throw new Error(`not after ${most} looks`)
}

/** Waits until so many answers have been written as far as the kernel takes them. */
async function written(count: number): Promise<void> {
  await untilTrue(() => watched.count === count && clients.length >= count)
}

/** Bytes for the first client that wait for the kernel. */
function waiting(): number {
  const handle: unknown = Reflect.get(served[0] ?? {}, '_handle')
  return typeof handle === 'object' && handle !== null ? Number(Reflect.get(handle, 'writeQueueSize')) : 0
}

async function untilTrue(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5)
}

describe('a reader that does not read', () => {
  it.each([
    ['a whole answer', (response: ServerResponse) => response.end(BIG)],
    [
      'an answer in pieces',
      (response: ServerResponse) => {
        for (let at = 0; at < BIG.length; at += 65_536) response.write(BIG.subarray(at, at + 65_536))
      },
    ],
    [
      'a stream that goes on and on',
      (response: ServerResponse) => {
        const timer = setInterval(() => response.write(BIG.subarray(0, MEGABYTE)), 1)
        response.on('close', () => clearInterval(timer))
      },
    ],
  ])('is let go after the time: %s', async (_, answer) => {
    await listen((_request, response) => {
      answer(response)
    })
    await client(ASK)
    await written(1)
    const looks = await looksUntil(() => watched.count === 0)
    expect(looks * watched.lookMs).toBeGreaterThanOrEqual(400)
  })

  it('is let go though it goes on sending', async () => {
    await listen((_request, response) => void response.end(BIG))
    const socket = await client(`${ASK}GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: `)
    const sending = setInterval(() => socket.write('x'), 5)
    await written(1)
    await looksUntil(() => watched.count === 0)
    clearInterval(sending)
    expect(watched.letGoCount).toBe(1)
  })

  it('is kept while it reads a part now and then', async () => {
    const huge = Buffer.concat([BIG, BIG, BIG, BIG])
    await listen((_request, response) => void response.end(huge))
    const socket = await client(ASK)
    await written(1)
    let read = 0
    socket.on('data', (chunk: Buffer) => {
      read += chunk.length
    })
    for (let turn = 1; turn <= 8; turn++) {
      const before = waiting()
      socket.resume()
      // What it read may have waited in the kernel: the server sees that it reads when the kernel takes more.
      await untilTrue(() => read >= turn * 7 * MEGABYTE && (before === 0 || waiting() < before))
      socket.pause()
      for (let look = 0; look < 400 / watched.lookMs - 1; look++) watched.look()
    }
    expect(watched.count).toBe(1)
  })

  it('is nobody whose answer is still being made, and no open stream that is quiet', async () => {
    await listen((_request, response) => void response.write(': hello\n\n'))
    const stream = await client(ASK)
    stream.resume()
    await once(stream, 'data')
    for (let look = 0; look < 50; look++) watched.look()
    expect(watched.count).toBe(1)
  })
})

describe('a client that says nothing', () => {
  it('is let go after the time; one that has said something is not', async () => {
    await listen((_request, response) => void response.end('x'))
    await client()
    await client(ASK)
    await written(2)
    await untilTrue(() => (clients[1]?.bytesWritten ?? 0) > 0)
    await looksUntil(() => watched.count === 1)
    for (let look = 0; look < 50; look++) watched.look()
    expect(watched.count).toBe(1)
  })
})

describe('answers that wait for their readers', () => {
  it('are bounded as a sum: who has read nothing for longest makes room', async () => {
    const refused: boolean[] = []
    await listen(
      (_request, response) => {
        if (watched.hold(response, BIG.length)) return void response.end(BIG)
        refused.push(true)
        response.end()
      },
      { unsent_bytes: 40 * MEGABYTE, write_stall_ms: 60_000 },
    )
    for (let n = 0; n < 2; n++) await client(ASK)
    await untilTrue(() => watched.heldBytes === 2 * BIG.length)
    // Nobody has been silent for long: there is no room for a third.
    await client(ASK)
    await untilTrue(() => refused.length === 1)
    for (let look = 0; look <= 1_000 / watched.lookMs; look++) watched.look()
    await client(ASK)
    await untilTrue(() => watched.count === 3)
    expect(watched.heldBytes).toBe(2 * BIG.length)
    expect(refused).toHaveLength(1)
  })

  it('are bounded too where nobody announced them, as pages are', async () => {
    await listen((_request, response) => void response.end(BIG), {
      unsent_bytes: 20 * MEGABYTE,
      write_stall_ms: 60_000,
    })
    for (let n = 0; n < 3; n++) await client(ASK)
    await written(3)
    await looksUntil(() => watched.count === 1)
    for (let look = 0; look < 50; look++) watched.look()
    expect(watched.count).toBe(1)
  })

  it('count for nothing once they are read, and once their connection is gone', async () => {
    await listen((_request, response) => {
      watched.hold(response, BIG.length)
      response.end(BIG)
    })
    const reader = await client(ASK)
    await untilTrue(() => watched.heldBytes === BIG.length)
    reader.resume()
    await untilTrue(() => watched.heldBytes === 0)
    const leaver = await client(ASK)
    await untilTrue(() => watched.heldBytes === BIG.length)
    leaver.destroy()
    await untilTrue(() => watched.heldBytes === 0)
    expect(watched.letGoCount).toBe(0)
  })
})
