import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { call, createPrompt, metric, stopCleanly } from './harness/api.ts'
import { until } from './harness/until.ts'

const SLOW_CLIENTS = 500
const BODY_MS = 2_000

let app: RunningApp

beforeAll(async () => {
  app = await startApp({ config: { limits: { body_ms: BODY_MS } } })
  await createPrompt(app, 'known', 'Hello {{ who }}')
})
afterAll(async () => {
  await stopCleanly(app)
})

interface RawConnection {
  socket: Socket
  readonly text: string
  readonly closed: boolean
}

async function open(): Promise<RawConnection> {
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

const post = (length: number) =>
  `POST /api/prompts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`

/** While the slow ones hang on, another client is served as ever. */
async function servedQuickly(): Promise<number> {
  const answer = await until('another client is answered within a second', async () => {
    const tried = await call(app, 'GET', '/api/prompts/known/render?who=you')
    return tried.took < 1_000 && tried
  })
  return answer.status
}

describe.concurrent('clients that take their time', () => {
  it('slow loris: headers that never end are cut off, and the others are served', async () => {
    const slow = await Promise.all(Array.from({ length: SLOW_CLIENTS }, open))
    for (const { socket } of slow) socket.write('GET /api/prompts HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    expect(await servedQuickly()).toBe(200)
    const dripping = setInterval(() => {
      for (const { socket, closed } of slow) if (!closed) socket.write('x')
    }, 500)
    try {
      await until('all of them are cut off', () => slow.every(({ closed }) => closed), { within: 30_000 })
    } finally {
      clearInterval(dripping)
    }
    expect(slow[0]?.text).toMatch(/^HTTP\/1\.1 408 /)
    expect(await servedQuickly()).toBe(200)
  })

  it('half-open: bodies that never come are refused and their connections ended', async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, open))
    for (const { socket } of slow) socket.write(`${post(1_000)}{"name":`)
    expect(await servedQuickly()).toBe(200)
    await until('all of them are answered and closed', () => slow.every(({ closed }) => closed), {
      within: BODY_MS + 8_000,
    })
    for (const { text } of slow) expect(text).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('half-open on the path that never meets Next', async () => {
    const slow = await open()
    slow.socket.write(post(1_000).replace('/api/prompts', '/api/mcp'))
    slow.socket.write('{"jsonrpc":')
    await until('it is answered and closed', () => slow.closed, { within: BODY_MS + 8_000 })
    expect(slow.text).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('a body that comes one byte at a time, in time, is taken', async () => {
    const body = JSON.stringify({ name: 'byte-by-byte', template_content: 'x' })
    const slow = await open()
    slow.socket.setNoDelay(true)
    slow.socket.write(post(body.length))
    for (const byte of body) {
      slow.socket.write(byte)
      // One packet a byte; nothing is waited for.
      await pause(1)
    }
    await until('it is answered', () => slow.text.includes('\r\n\r\n'))
    expect(slow.text).toMatch(/^HTTP\/1\.1 201 /)
    slow.socket.destroy()
  })

  it('a body whose sender vanishes costs nothing', async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, open))
    for (const { socket } of slow) {
      socket.write(`${post(1_000)}{"na`)
      socket.resetAndDestroy()
    }
    expect(await servedQuickly()).toBe(200)
    expect((await call(app, 'GET', '/api/prompts/na')).status).toBe(404)
  })

  it('connections that say nothing leave the others alone', async () => {
    const silent = await Promise.all(Array.from({ length: SLOW_CLIENTS }, open))
    expect(await servedQuickly()).toBe(200)
    for (const { socket } of silent) socket.destroy()
  })

  it('a reader that never reads does not fill the memory', async () => {
    const big = 'x'.repeat(100_000)
    await createPrompt(app, 'big', big)
    const reader = await open()
    reader.socket.pause()
    for (let n = 0; n < 400; n++)
      reader.socket.write('GET /api/prompts/big/render HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await servedQuickly()).toBe(200)
    expect(await metric(app, 'process_resident_memory_bytes')).toBeLessThan(600 * 1_048_576)
    reader.socket.destroy()
  })
})
