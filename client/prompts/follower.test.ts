import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Transport } from '../http/transport.ts'
import { Follower } from './follower.ts'
import { PromptStore } from './prompt-store.ts'

/** Of the real clock: vitest's own second is too short for a busy machine. */
const PATIENCE_MS = 15_000

/** One connection: what is sent on it, and how it ends. */
interface Connection {
  headers: Headers
  send: (text: string) => void
  end(): void
  isAborted: () => boolean
}

let connections: Connection[]
let refusal: Response | undefined
let doubted: (string | undefined)[]
let errors: string[]
let follower: Follower

beforeEach(() => {
  vi.useFakeTimers()
  connections = []
  refusal = undefined
  doubted = []
  errors = []
  const transport = new Transport({
    url: 'http://server.test',
    key: undefined,
    userAgent: 'test',
    timeoutMs: 1_000,
    retries: 0,
    fetch: async (_, init) => {
      if (refusal !== undefined) return refusal
      let stream: ReadableStreamDefaultController<Uint8Array> | undefined
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          stream = controller
        },
      })
      const signal = init?.signal
      signal?.addEventListener('abort', () => stream?.error(signal.reason))
      connections.push({
        headers: new Headers(init?.headers),
        send: (text) => stream?.enqueue(new TextEncoder().encode(text)),
        end: () => stream?.close(),
        isAborted: () => signal?.aborted === true,
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    },
  })
  const store = new PromptStore(transport, {
    label: undefined,
    ttlMs: 1,
    staleMs: 1,
    entries: 1,
    onError: () => undefined,
  })
  vi.spyOn(store, 'doubt').mockImplementation((id) => {
    doubted.push(id)
    return []
  })
  follower = new Follower(transport, store, {
    onChange: () => undefined,
    onError: (error) => errors.push(error.message),
  })
})
afterEach(() => {
  follower.close()
  vi.useRealTimers()
})

async function connection(number: number): Promise<Connection> {
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1_000)
    expect(connections.length).toBeGreaterThanOrEqual(number)
  }, PATIENCE_MS)
  return connections[number - 1] as Connection
}

const event = (name: string, id: number, data: object) =>
  `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`
const change = (ids: string[], total = ids.length) => ({
  changes: ids.map((id) => ({ kind: 'prompt', id, name: id })),
  total,
})
const heard = (expected: (string | undefined)[]) =>
  vi.waitFor(() => expect(doubted).toEqual(expected), PATIENCE_MS)

it('doubts what changes touch, each once, and everything where changes are left out', async () => {
  const { send } = await connection(1)
  // What happened before it is not known.
  send(event('hello', 7, { revision: 7 }))
  await heard([undefined])
  send(event('change', 8, change(['a', 'b', 'a'])))
  await heard([undefined, 'a', 'b'])
  send(event('change', 9, change(['a'], 900)))
  send(event('news', 9, { topic: 'generations' }))
  send(event('reset', 10, {}))
  await heard([undefined, 'a', 'b', undefined, undefined])
  expect(errors).toEqual([])
})

it('comes back after the end of a connection, and asks for what it missed', async () => {
  const first = await connection(1)
  first.send(event('hello', 7, {}) + event('change', 8, change(['a'])))
  await heard([undefined, 'a'])
  first.end()
  const second = await connection(2)
  expect(second.headers.get('last-event-id')).toBe('8')
  second.send(event('hello', 8, {}) + event('change', 9, change(['b'])))
  await heard([undefined, 'a', 'b'])
})

it('leaves a connection that is silent, comments aside', async () => {
  const first = await connection(1)
  for (let n = 0; n < 4; n++) {
    await vi.advanceTimersByTimeAsync(20_000)
    first.send(': still here\n\n')
  }
  expect(first.isAborted()).toBe(false)
  await vi.advanceTimersByTimeAsync(46_000)
  expect(first.isAborted()).toBe(true)
  await connection(2)
})

it('tells of a refusal, and asks seldom after it', async () => {
  const first = await connection(1)
  refusal = new Response('{"code": "forbidden", "detail": "No."}', {
    status: 403,
    headers: { 'content-type': 'application/problem+json' },
  })
  first.end()
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1_000)
    expect(errors).toEqual(['No.'])
  }, PATIENCE_MS)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(errors).toHaveLength(1)
})
