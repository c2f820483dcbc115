import { expect } from 'vitest'
import { allMetrics, call, createPrompt, mcp, metric } from './api.ts'
import { openConnection } from './raw-connection.ts'
import { until } from './until.ts'

const MEGABYTE = 1_048_576
/** What an app may hold for them; give it to the app as `limits.unsent_bytes`. */
export const UNSENT_BYTES = 96 * MEGABYTE
/** Outside V8's heap: what may wait, and what the process itself needs. Inside, V8 lets garbage grow as it likes. */
const MOST_NATIVE = UNSENT_BYTES + 300 * MEGABYTE

const render = 'GET /api/prompts/huge/render HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
const get = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: 'huge' } })
const prompt = `POST /api/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${get.length}\r\n\r\n${get}`

interface Readers {
  readers: number
  /** Asks something small as another client, and answers its status. */
  servedQuickly: () => Promise<number>
}

/**
 * Has many clients ask for 7 MB each over REST and MCP and read nothing, and checks that all of them are
 * let go, that memory stays bounded meanwhile, and that somebody who reads is served.
 */
export async function expectReadersLetGo(
  app: { url: string; port: number },
  { readers, servedQuickly }: Readers,
): Promise<void> {
  await createPrompt(app, 'huge', `{% for i in (1..40) %}${'x'.repeat(90_000)}{% endfor %}`)
  const before = await metric(app, 'incipit_http_connections')
  const connections = await Promise.all(Array.from({ length: readers }, () => openConnection(app)))
  for (const [index, { socket }] of connections.entries()) {
    socket.pause()
    socket.write(index % 2 === 0 ? render : prompt)
  }
  const most = { native: 0, unsent: 0 }
  const look = async () => {
    const now = await allMetrics(app)
    const native = now('process_resident_memory_bytes') - now('nodejs_heap_size_total_bytes')
    most.native = Math.max(most.native, native)
    most.unsent = Math.max(most.unsent, now('incipit_unsent_bytes'))
    return now('incipit_http_connections') <= before + 2
  }
  await until('all of them are let go', look, { within: 120_000, every: 200 })
  expect(most.unsent).toBeGreaterThan(0)
  expect(most.unsent).toBeLessThanOrEqual(UNSENT_BYTES)
  expect(most.native).toBeLessThan(MOST_NATIVE)
  expect(await metric(app, 'incipit_readers_let_go_total')).toBeGreaterThan(0)
  // The last of them may be about to be let go.
  await until('nothing waits', async () => (await metric(app, 'incipit_unsent_bytes')) === 0)
  expect(await servedQuickly()).toBe(200)
  for (const { socket } of connections) socket.destroy()
  // Who reads gets all of it, as ever.
  const [rest, overMcp] = await Promise.all([
    call(app, 'GET', '/api/prompts/huge/render'),
    mcp(app, 'prompts/get', { name: 'huge' }),
  ])
  expect([rest.status, overMcp.status]).toEqual([200, 200])
  expect(JSON.stringify(overMcp.body).length).toBeGreaterThan(3_600_000)
}
