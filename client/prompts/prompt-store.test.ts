import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Transport } from '../http/transport.ts'
import { bare } from './fallback.ts'
import { PromptStore } from './prompt-store.ts'

/** Of the real clock: vitest's own second is too short for a busy machine. */
const PATIENCE_MS = 15_000

const LIMITS = { label: 'production', ttlMs: 1_000, staleMs: 10_000, entries: 10 }

interface Server {
  text: string
  etag: string
  isAway: boolean
  asked: string[]
  gate: Promise<void>
}

let server: Server
let errors: Error[]
let store: PromptStore

beforeEach(() => {
  vi.useFakeTimers()
  server = { text: 'one', etag: '"1"', isAway: false, asked: [], gate: Promise.resolve() }
  errors = []
  const transport = new Transport({
    url: 'http://server.test',
    key: undefined,
    userAgent: 'test',
    timeoutMs: 60_000,
    retries: 0,
    fetch: async (url, init) => {
      const { pathname, search } = new URL(new Request(url).url)
      server.asked.push(pathname + search)
      const { isAway, etag, text } = server
      await server.gate
      if (isAway) throw new TypeError('fetch failed')
      if (pathname.endsWith('/nobody')) return answer(404, { code: 'not_found', detail: 'None.' })
      if (new Headers(init?.headers).get('if-none-match') === etag)
        return new Response(null, { status: 304, headers: { etag } })
      const wire = { ...bare('x'), id: 'id-x', label: 'production', version: 1, template_content: text }
      return answer(200, wire, etag)
    },
  })
  store = new PromptStore(transport, { ...LIMITS, onError: (error) => errors.push(error) })
})
afterEach(() => void vi.useRealTimers())

function answer(status: number, body: unknown, etag = '""') {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', etag } })
}

const find = async (selector = {}) => {
  const { loaded, source } = await store.find('x', selector)
  return [loaded.wire.template_content, source]
}
const change = (text: string) => Object.assign(server, { text, etag: `"${text}"` })

describe('a version in memory', () => {
  it('is fetched once for all who ask at once, and not again while it is fresh', async () => {
    expect(await Promise.all([find(), find(), find()])).toEqual(
      Array.from({ length: 3 }, () => ['one', 'server']),
    )
    vi.advanceTimersByTime(LIMITS.ttlMs - 1)
    expect(await find()).toEqual(['one', 'cache'])
    expect(server.asked).toEqual(['/api/prompts/x?label=production'])
  })

  it('is used while it is stale, and asked for beside', async () => {
    await find()
    change('two')
    vi.advanceTimersByTime(LIMITS.ttlMs)
    expect(await find()).toEqual(['one', 'cache'])
    await vi.waitFor(async () => expect(await find()).toEqual(['two', 'cache']), PATIENCE_MS)
    expect(server.asked).toHaveLength(2)
  })

  it('is asked for first when it is older, or when something was heard of it', async () => {
    await find()
    vi.advanceTimersByTime(LIMITS.ttlMs + LIMITS.staleMs)
    expect(await find()).toEqual(['one', 'server'])
    change('two')
    expect(store.doubt('another')).toEqual([])
    expect(await find()).toEqual(['one', 'cache'])
    expect(store.doubt('id-x')).toEqual(['x'])
    expect(await find()).toEqual(['two', 'server'])
  })

  it('stays doubtful when something is heard while it is asked for', async () => {
    await find()
    store.doubt()
    let open = () => undefined as void
    server.gate = new Promise((resolve) => {
      open = resolve
    })
    const asked = find()
    await vi.waitFor(() => expect(server.asked).toHaveLength(2), PATIENCE_MS)
    change('two')
    store.doubt('id-x')
    open()
    expect(await asked).toEqual(['one', 'server'])
    expect(await find()).toEqual(['two', 'server'])
  })

  it('that is asked for the first time is doubtful after a change, and nobody joins the older request', async () => {
    let open = () => undefined as void
    server.gate = new Promise((resolve) => {
      open = resolve
    })
    const first = find()
    await vi.waitFor(() => expect(server.asked).toHaveLength(1), PATIENCE_MS)
    change('two')
    store.doubt('id-x')
    const joined = find()
    open()
    expect(await first).toEqual(['one', 'server'])
    expect(await joined).toEqual(['two', 'server'])
    expect(await find()).toEqual(['two', 'cache'])
  })

  it('is used while the server is away, however old, and errors beside are told', async () => {
    await find()
    server.isAway = true
    vi.advanceTimersByTime(LIMITS.ttlMs)
    expect(await find()).toEqual(['one', 'cache'])
    await vi.waitFor(() => expect(errors).toHaveLength(1), PATIENCE_MS)
    vi.advanceTimersByTime(100 * LIMITS.staleMs)
    expect(await find()).toEqual(['one', 'cache'])
    await expect(store.find('y', {})).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('that was asked for by its number never grows old', async () => {
    await find({ version: 1 })
    vi.advanceTimersByTime(100 * LIMITS.staleMs)
    expect(await find({ version: 1 })).toEqual(['one', 'cache'])
    expect(server.asked).toEqual(['/api/prompts/x?version=1'])
  })

  it('is not waited for by a caller who has enough', async () => {
    server.gate = new Promise(() => undefined)
    const enough = new AbortController()
    const call = store.find('x', {}, enough.signal)
    enough.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    await expect(store.find('x', {}, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  })
})
