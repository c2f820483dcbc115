import { describe, expect, it } from 'vitest'
import { promptPath } from '../prompts/wire.ts'
import { isAway } from './problem.ts'
import { Transport } from './transport.ts'

interface Heard {
  url: string
  init: RequestInit
}

/** A transport over answers in turn; an error stands for a connection that failed. */
function over(
  answers: (Response | Error)[],
  options: { retries?: number; timeoutMs?: number; url?: string; key?: string } = {},
) {
  const heard: Heard[] = []
  const transport = new Transport({
    url: options.url ?? 'https://host.test/base/',
    key: options.key ?? 'inc_key',
    userAgent: 'test/1',
    timeoutMs: options.timeoutMs ?? 1_000,
    retries: options.retries ?? 2,
    fetch: async (url, init = {}) => {
      heard.push({ url: new Request(url).url, init })
      const answer = answers[heard.length - 1]
      if (answer instanceof Response) return answer
      if (answer !== undefined) throw answer
      // Nobody answers: the signal ends it.
      return new Promise((_, reject) =>
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      )
    },
  })
  return { transport, heard }
}

const json = (status: number, body: unknown, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
const broken = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })

it.each(['..', '.', '', '../users', 'a/b', 'x?y', 'A'])(
  'a path of a prompt leads nowhere by the name %j',
  (name) => {
    expect(() => promptPath(name, '/render')).toThrow('is no name of a prompt')
  },
)

describe('secrets', () => {
  it.each(['inc_one\ninc_two', 'inc_\u201cone'])('are no part of what is said of the key %j', (key) => {
    const said = refused(() => over([], { key }))
    expect(said).toContain('The key holds')
    expect(said).not.toContain('inc_')
  })

  it('are no part of an address', () => {
    const said = refused(() => over([], { url: 'https://me:inc_secret@host.test/' }))
    expect(said).toContain('host.test holds')
    expect(said).not.toContain('inc_secret')
  })

  it('may have a line end behind them, as files have', async () => {
    const { transport, heard } = over([json(200, 1)], { key: 'inc_key\r\n' })
    await transport.call('/x')
    expect(new Headers(heard[0]?.init.headers).get('authorization')).toBe('Bearer inc_key')
  })
})

function refused(make: () => unknown): string {
  try {
    make()
    return 'nothing'
  } catch (error) {
    return String(error)
  }
}

describe('a call', () => {
  it('has the key and its query, and gives body and ETag', async () => {
    const { transport, heard } = over([json(200, { ok: true }, { etag: '"7"' })])
    const answer = await transport.call('/api/x', { query: { a: 'b c', left: undefined } })
    expect(answer).toEqual({ status: 200, etag: '"7"', body: { ok: true } })
    expect(heard[0]?.url).toBe('https://host.test/base/api/x?a=b+c')
    expect(new Headers(heard[0]?.init.headers).get('authorization')).toBe('Bearer inc_key')
  })

  it.each([429, 503])(
    'that is refused with %i for now is made again when the server says',
    async (status) => {
      const { transport, heard } = over([json(status, {}, { 'retry-after': '0' }), json(200, 1)])
      expect((await transport.call('/x', { method: 'POST', body: {} })).body).toBe(1)
      expect(heard).toHaveLength(2)
    },
  )

  it('that would have to wait long fails at once', async () => {
    const { transport, heard } = over([json(429, { code: 'rate_limited' }, { 'retry-after': '3600' })])
    await expect(transport.call('/x')).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 3600 })
    expect(heard).toHaveLength(1)
  })

  it('whose fate is not known is made again only where that is safe', async () => {
    const read = over([broken('ECONNRESET'), json(200, 1)])
    expect((await read.transport.call('/x')).body).toBe(1)
    const write = over([broken('ECONNRESET'), json(200, 1)])
    const failed = write.transport.call('/x', { method: 'POST', body: {} })
    await expect(failed).rejects.toMatchObject({ code: 'unreachable' })
    expect(write.heard).toHaveLength(1)
    const unsent = over([broken('ECONNREFUSED'), json(200, 1)])
    expect((await unsent.transport.call('/x', { method: 'POST', body: {} })).body).toBe(1)
  })

  it('ends after its time, or when its caller has enough', async () => {
    const late = over([], { retries: 0, timeoutMs: 1 }).transport.call('/x')
    await expect(late).rejects.toMatchObject({ code: 'timeout' })
    const enough = new AbortController()
    const call = over([]).transport.call('/x', { signal: enough.signal })
    enough.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
  })

  it('brings its key nowhere else', async () => {
    const { transport, heard } = over([
      new Response(null, { status: 302, headers: { location: 'https://evil.test' } }),
    ])
    await expect(transport.call('/x')).rejects.toThrow('leads to https://evil.test')
    expect(heard).toHaveLength(1)
    expect(heard[0]?.init.redirect).toBe('manual')
  })

  it('tells a problem with its details, and an answer of something else as such', async () => {
    const problem = {
      code: 'unprocessable',
      detail: 'No.',
      errors: [{ path: ['a'] }],
      request_id: 'r',
      labels: [],
    }
    const error: unknown = await over([json(422, problem)])
      .transport.call('/x')
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      name: 'IncipitError',
      message: 'No.',
      status: 422,
      details: [{ path: ['a'] }],
      requestId: 'r',
      extra: { labels: [] },
    })
    expect(isAway(error)).toBe(false)
    const proxy = over([new Response('<h1>Bad gateway</h1>', { status: 502 })], { retries: 0 })
    const away: unknown = await proxy.transport.call('/x').catch((reason: unknown) => reason)
    expect(away).toMatchObject({ code: 'unavailable', status: 502 })
    expect(isAway(away)).toBe(true)
  })

  it.each(['', 'host.test', 'ftp://host.test'])('is not made to %j', (url) => {
    expect(() => over([], { url })).toThrow(url === '' ? '"" is no address' : 'is no address')
  })
})
