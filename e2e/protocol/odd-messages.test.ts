import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { exchangeRaw, readAnswers, sendRaw } from './raw-connection.ts'

/** Messages that are odd as messages, whatever they ask for, at the socket of the production build. */

let app: RunningApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.stop())

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const CLOSE = 'Connection: close'
const HOST = 'Host: localhost'
const JSON_TYPE = 'Content-Type: application/json'
const DRAFT = JSON.stringify({
  template_content: `${'x'.repeat(90_000)}{{ a }}`,
  variables: [{ name: 'a', type: 'string' }],
  values: { a: 'end' },
})
const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })

describe('an offer of another protocol', () => {
  const OFFERS = [
    [
      'h2c as curl sends it',
      ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'],
    ],
    [
      'h2c in another order',
      ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABk', 'Connection: HTTP2-Settings, Upgrade'],
    ],
    [
      'a WebSocket',
      ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAA'],
    ],
    ['several', ['Connection: keep-alive, Upgrade', 'Upgrade: h2c, websocket, TLS/1.0']],
    ['nonsense', ['Connection: upgrade', 'Upgrade: %%%']],
    ['one without Connection', ['Upgrade: h2c']],
  ] as const

  it.each(OFFERS)('%s gets the usual answer to GET', async (_, offer) => {
    for (const path of [
      '/health/live',
      '/api/prompts',
      '/api/prompts/zero_shot',
      '/prompts',
      '/metrics',
      '/icon.svg',
    ])
      expect((await exchangeRaw(app, lines(`GET ${path} HTTP/1.1`, HOST, ...offer))).status).toBe(200)
    const path = '/api/changes'
    const head = lines(`HEAD ${path} HTTP/1.1`, HOST, ...offer)
    expect((await exchangeRaw(app, head)).status).toBe(200)
  })

  it.each(OFFERS)('%s gets the usual answer to POST, with its body read', async (_, offer) => {
    const render = lines(
      'POST /api/render HTTP/1.1',
      HOST,
      JSON_TYPE,
      `Content-Length: ${DRAFT.length}`,
      ...offer,
    )
    const rendered = await exchangeRaw(app, render + DRAFT)
    expect([rendered.status, rendered.body.includes('xend"')]).toEqual([200, true])
    const ping = lines('POST /api/mcp HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: chunked', ...offer)
    const body = `${PING.length.toString(16)}\r\n${PING}\r\n0\r\n\r\n`
    expect(JSON.parse((await exchangeRaw(app, ping + body)).body)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {},
    })
  })

  it('is answered as a whole connection: nothing behind it is read as a request', async () => {
    const offer = lines('GET /health/live HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: h2c')
    expect(readAnswers(await sendRaw(app, offer + lines('GET /health HTTP/1.1', HOST, CLOSE)))).toHaveLength(
      1,
    )
  })
})

describe('a target that is no path', () => {
  it.each([
    ['OPTIONS', '*'],
    ['GET', '*'],
    ['POST', '*'],
    ['GET', 'http://evil.example/api/prompts'],
    ['GET', 'http://localhost/api/prompts'],
    ['POST', 'https://localhost/api/prompts'],
    ['GET', 'localhost:3000'],
    ['GET', 'api/prompts'],
    ['GET', '//evil.example/api/prompts'],
    ['GET', '//evil.example'],
    ['GET', '/\\evil.example'],
    ['POST', '/api/../prompts'],
    ['POST', '/api/%2e%2e/prompts'],
    ['POST', '/api/.%2E/prompts'],
    ['POST', '/api\\..\\prompts'],
    ['GET', '/api/./prompts'],
    ['GET', '/prompts/..'],
    ['GET', '/prompts#fragment'],
  ])('%s %s is 400, and leads nowhere', async (method, target) => {
    const answer = await exchangeRaw(app, lines(`${method} ${target} HTTP/1.1`, HOST))
    expect(answer.status).toBe(400)
    expect(answer.headers.location).toBeUndefined()
    expect(JSON.parse(answer.body || '{"code":"invalid_input"}')).toMatchObject({ code: 'invalid_input' })
  })

  it('CONNECT is 405', async () => {
    const answer = await exchangeRaw(app, lines('CONNECT localhost:443 HTTP/1.1', HOST))
    expect(answer).toMatchObject({ status: 405, headers: { allow: expect.stringContaining('GET') } })
  })

  it('a question mark hides none of it, and a query may hold it', async () => {
    expect((await exchangeRaw(app, lines('GET /api/../x?/api/ HTTP/1.1', HOST))).status).toBe(400)
    const query = lines('GET /api/prompts?q=/../%5C*http://x HTTP/1.1', HOST, CLOSE)
    expect((await exchangeRaw(app, query)).status).toBe(200)
  })
})

describe('a header that must stand once', () => {
  it.each([
    ['Host', 'localhost', 'localhost'],
    ['Host', 'localhost', 'evil.example'],
    ['Host', 'evil.example', 'localhost'],
    ['host', 'localhost', 'localhost'],
    ['Authorization', 'Bearer a', 'Bearer b'],
    ['Origin', 'http://localhost', 'https://evil.example'],
    ['Content-Type', 'application/json', 'text/plain'],
    ['Content-Length', '2', '2'],
    ['Content-Length', '2', '20'],
    ['Transfer-Encoding', 'chunked', 'chunked'],
  ])('two of %s: %s and %s, are 400', async (name, one, other) => {
    for (const path of ['/api/prompts', '/api/mcp', '/prompts', '/health', '/api/prompts/zero_shot/render']) {
      const host = name.toLowerCase() === 'host' ? [] : [HOST]
      const text = lines(`POST ${path} HTTP/1.1`, ...host, `${name}: ${one}`, `${name}: ${other}`)
      expect((await exchangeRaw(app, `${text}{}`)).status).toBe(400)
    }
  })

  it('no Host at all is 400', async () => {
    const answer = await exchangeRaw(app, lines('GET /api/prompts HTTP/1.1'))
    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json' } })
  })
})

describe('a body whose end is in doubt (request smuggling)', () => {
  const HIDDEN = lines('GET /api/audit HTTP/1.1', HOST)

  it.each([
    ['Content-Length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['chunks that are not last', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['a space before the colon', ['Content-Length : 4'], '{}  '],
    ['a signed length', ['Content-Length: +2'], '{}'],
    ['a length in two numbers', ['Content-Length: 2, 2'], '{}'],
    ['a folded header', ['X-A: b', ' Content-Length: 2'], '{}'],
    ['a bare line feed', ['X-A: b\nContent-Length: 2'], '{}'],
    ['a bare carriage return', ['X-A: b\rContent-Length: 2'], '{}'],
    ['a NUL in a header', ['X-A: a\0b', 'Content-Length: 2'], '{}'],
    ['a chunk of no size', ['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a chunk of a negative size', ['Transfer-Encoding: chunked'], '-2\r\n{}\r\n0\r\n\r\n'],
    ['a chunk that is longer than it says', ['Transfer-Encoding: chunked'], '2\r\n{}{}\r\n0\r\n\r\n'],
    [
      'chunk extensions without end',
      ['Transfer-Encoding: chunked'],
      `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    ],
  ])('%s: refused, and what stands behind it is no request', async (_, headers, body) => {
    const answers = readAnswers(
      await sendRaw(app, lines('POST /api/render HTTP/1.1', HOST, JSON_TYPE, ...headers) + body + HIDDEN),
    )
    expect(answers.map(({ status }) => status)).toEqual([
      expect.toSatisfy((s: number) => s >= 400 && s < 500),
    ])
  })

  it('trailers change nothing', async () => {
    const head = lines(
      'POST /api/mcp HTTP/1.1',
      HOST,
      JSON_TYPE,
      'Transfer-Encoding: chunked',
      'Trailer: Host',
      CLOSE,
    )
    const body = `${PING.length.toString(16)}\r\n${PING}\r\n0\r\nHost: evil.example\r\nOrigin: https://evil.example\r\n\r\n`
    expect((await exchangeRaw(app, head + body)).status).toBe(200)
  })

  it('pipelined requests are answered in their order', async () => {
    const paths = ['/health/live', '/api/prompts/zero_shot', '/nothing', '/api/nothing']
    const last = lines('GET /health/live HTTP/1.1', HOST, CLOSE)
    const text = paths.map((path) => lines(`HEAD ${path} HTTP/1.1`, HOST)).join('') + last
    const statuses = [...(await sendRaw(app, text)).matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(
      ([, status]) => status,
    )
    expect(statuses).toEqual(['200', '200', '404', '404', '200'])
  })
})

describe('bytes that are no request', () => {
  it.each([
    ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['another version', lines('GET / HTTP/3.7', HOST)],
    ['a method of its own bytes', lines('G\x01T / HTTP/1.1', HOST)],
    ['another protocol', 'EHLO localhost\r\n'],
  ])('%s is 400', async (_, bytes) => {
    const answer = await exchangeRaw(app, bytes)
    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json' } })
  })

  it.each([
    ['an address', lines(`GET /api/prompts?q=${'a'.repeat(20_000)} HTTP/1.1`, HOST)],
    ['a header', lines('GET /api/prompts HTTP/1.1', HOST, `X-Long: ${'a'.repeat(20_000)}`)],
    [
      'many headers',
      lines('GET /api/prompts HTTP/1.1', HOST, ...Array.from({ length: 2_000 }, (_, n) => `X-${n}: abcd`)),
    ],
  ])('%s without end is 431', async (_, text) => {
    const answer = await exchangeRaw(app, text)
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
      431,
      { status: 431, code: 'invalid_input' },
    ])
  })

  it('HEAD of an address without end is 431 without a body', async () => {
    const answer = await exchangeRaw(app, lines(`HEAD /api/prompts?q=${'a'.repeat(20_000)} HTTP/1.1`, HOST))
    expect([answer.status, answer.body]).toEqual([431, ''])
  })

  it('an address with bytes beyond ASCII, and one of 8,000 characters, are answered', async () => {
    for (const path of [
      '/prompts/\xe9',
      '/api/prompts/\xe9',
      `/${'a'.repeat(8_000)}`,
      `/api/${'a'.repeat(8_000)}`,
    ]) {
      const text = Buffer.from(lines(`GET ${path} HTTP/1.1`, HOST, CLOSE), 'latin1')
      expect((await exchangeRaw(app, text)).status).toSatisfy(
        (status: number) => status >= 400 && status < 500,
      )
    }
  })
})

describe('Expect: 100-continue', () => {
  const ask = (path: string, ...more: string[]) =>
    lines(`POST ${path} HTTP/1.1`, HOST, JSON_TYPE, 'Expect: 100-continue', CLOSE, ...more)

  it('is told to go on where a body is wanted', async () => {
    const text = ask('/api/mcp', `Content-Length: ${PING.length}`) + PING
    expect(readAnswers(await sendRaw(app, text)).map(({ status }) => status)).toEqual([100, 200])
  })

  it('is refused before the body where it is not', async () => {
    for (const [path, status] of [
      ['/prompts', 405],
      ['/api/../prompts', 400],
    ] as const)
      expect((await exchangeRaw(app, ask(path, 'Content-Length: 1000000'))).status).toBe(status)
  })

  it('is 417 for another expectation', async () => {
    const text = lines(
      'POST /api/mcp HTTP/1.1',
      HOST,
      JSON_TYPE,
      'Expect: a-miracle',
      CLOSE,
      'Content-Length: 2',
    )
    expect((await exchangeRaw(app, `${text}{}`)).status).toBe(417)
  })
})

it('nothing of it left a stack or a plain line in the output', () => {
  const odd = app
    .output()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'))
  expect(odd.filter((line) => /Error|^\s+at /.test(line))).toEqual([])
})
