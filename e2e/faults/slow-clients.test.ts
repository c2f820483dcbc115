import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { call, createPrompt, metric, stopCleanly } from './harness/api.ts'
import { openConnection } from './harness/raw-connection.ts'
import { expectReadersLetGo, UNSENT_BYTES } from './harness/silent-readers.ts'
import { until } from './harness/until.ts'

const SLOW_CLIENTS = 500
const BODY_MS = 2_000
const HEADERS_MS = 4_000
const SILENT_MS = 2_000

let app: RunningApp

beforeAll(async () => {
  app = await startApp({
    config: {
      limits: {
        body_ms: BODY_MS,
        headers_ms: HEADERS_MS,
        first_byte_ms: SILENT_MS,
        write_stall_ms: SILENT_MS,
        unsent_bytes: UNSENT_BYTES,
      },
    },
  })
  await createPrompt(app, 'known', 'Hello {{ who }}')
})
afterAll(async () => {
  await stopCleanly(app)
})

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
    const slow = await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => openConnection(app)))
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
    const slow = await Promise.all(Array.from({ length: 100 }, () => openConnection(app)))
    for (const { socket } of slow) socket.write(`${post(1_000)}{"name":`)
    expect(await servedQuickly()).toBe(200)
    await until('all of them are answered and closed', () => slow.every(({ closed }) => closed), {
      within: BODY_MS + 8_000,
    })
    for (const { text } of slow) expect(text).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('half-open on the path that never meets Next', async () => {
    const slow = await openConnection(app)
    slow.socket.write(post(1_000).replace('/api/prompts', '/api/mcp'))
    slow.socket.write('{"jsonrpc":')
    await until('it is answered and closed', () => slow.closed, { within: BODY_MS + 8_000 })
    expect(slow.text).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('a body that comes one byte at a time, in time, is taken', async () => {
    const body = JSON.stringify({ name: 'byte-by-byte', template_content: 'x' })
    const slow = await openConnection(app)
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
    const slow = await Promise.all(Array.from({ length: 100 }, () => openConnection(app)))
    for (const { socket } of slow) {
      socket.write(`${post(1_000)}{"na`)
      socket.resetAndDestroy()
    }
    expect(await servedQuickly()).toBe(200)
    expect((await call(app, 'GET', '/api/prompts/na')).status).toBe(404)
  })

  it('connections that say nothing leave the others alone, and are closed soon', async () => {
    const silent = await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => openConnection(app)))
    expect(await servedQuickly()).toBe(200)
    await until('all of them are closed', () => silent.every(({ closed }) => closed), { within: 15_000 })
    expect(silent.map(({ text }) => text).join('')).toBe('')
  })

  it('a reader that never reads does not fill the memory', async () => {
    const big = 'x'.repeat(100_000)
    await createPrompt(app, 'big', big)
    const reader = await openConnection(app)
    reader.socket.pause()
    for (let n = 0; n < 400; n++)
      reader.socket.write('GET /api/prompts/big/render HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await servedQuickly()).toBe(200)
    expect(await metric(app, 'process_resident_memory_bytes')).toBeLessThan(600 * 1_048_576)
    reader.socket.destroy()
  })
})

describe('case 36: readers that never read', () => {
  it('are let go, with memory bounded and the others served meanwhile', async () => {
    await expectReadersLetGo(app, { readers: 150, servedQuickly })
    expect(await servedQuickly()).toBe(200)
  })
})
