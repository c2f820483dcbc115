import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { exchange, type Sent } from './exchange.ts'
import { firstBytes } from './raw-connection.ts'

/** What the production server checks before Next or an interface sees a request. */

const TOOLS = 'https://tools.example.org'

let app: RunningApp
beforeAll(async () => {
  app = await startApp({ config: { security: { cors_origins: [TOOLS] } } })
  await send({ method: 'POST', path: '/api/prompts', body: { name: 'edge_known', template_content: 'x' } })
})
afterAll(() => app.stop())

const send = (sent: Sent) => exchange(app, sent)
const get = (path: string, headers: Record<string, string> = {}) => send({ method: 'GET', path, headers })

const PAGES = [
  '/',
  '/prompts',
  '/prompts/zero_shot',
  '/settings',
  '/nothing',
  '/prompts/x.png',
  '/a.webmanifest',
]
const FILES = ['/icon.svg', '/favicon.ico', '/_next/static/none.js', '/_next/image?url=/icon.svg&w=64&q=75']
/** They look like addresses of interfaces, and are none. */
const NEIGHBOURS = [
  '/healthy',
  '/health/other',
  '/metrics2',
  '/apix',
  '/mcp',
  '/mcp/other',
  '/mcp/prompts/lists',
  '/%61pi/prompts',
]

describe('everything that is no interface', () => {
  it.each([...PAGES, ...FILES, ...NEIGHBOURS])('%s takes GET and HEAD alone', async (path) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']) {
      const answer = await send({ method, path })
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    }
    expect((await send({ method: 'HEAD', path })).status).toBe((await get(path)).status)
  })

  it('has no Server Action behind it, and keeps no body', async () => {
    const body = Buffer.alloc(8 * 1_048_576, 'x')
    const headers = {
      'next-action': '00'.repeat(21),
      'content-type': 'multipart/form-data; boundary=x',
      'next-router-state-tree': '%5B%22%22%5D',
    }
    for (const path of ['/prompts', '/settings', '/prompts/x.png'])
      expect((await send({ method: 'POST', path, headers, body })).status).toBe(405)
    // The answer does not wait for a body that never comes to its end.
    const half = 'POST /prompts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\nhalf'
    expect(await firstBytes(app, half)).toMatch(/^HTTP\/1\.1 405 /)
    // Next decodes nothing of a GET.
    expect((await get('/prompts', headers)).status).toBe(200)
  })

  it.each([...PAGES, ...FILES, ...NEIGHBOURS])('%s is 403 under another name', async (path) => {
    for (const host of ['evil.example', 'evil.example:3000', 'localhost.evil.example'])
      expect((await get(path, { host })).status).toBe(403)
  })

  it.each([...PAGES, ...FILES, ...NEIGHBOURS])('%s has a Content-Security-Policy', async (path) => {
    expect((await get(path)).headers['content-security-policy']).toMatch(/^default-src 'none'; /)
  })
})

describe('the interfaces', () => {
  it('keep their methods', async () => {
    for (const path of ['/api/prompts', '/api/prompts/zero_shot', '/api/nothing', '/api/openapi.json'])
      expect((await send({ method: 'OPTIONS', path })).status).toBeLessThan(405)
    expect((await send({ method: 'DELETE', path: '/api/openapi.json' })).headers.allow).toBe(
      'GET, HEAD, OPTIONS',
    )
    expect((await send({ method: 'TRACE', path: '/api/prompts' })).status).toBe(405)
  })
})

const SITES = ['cross-site', 'same-site', 'same-origin, cross-site', 'anything']
const RENDER = '/api/prompts/edge_known/render'
const READS = [
  '/api/prompts',
  RENDER,
  '/api/openapi.json',
  '/api/generations',
  '/prompts',
  '/icon.svg',
  '/health',
  '/metrics',
]
const TAKES_A_PLACE = ['/api/changes', '/api/mcp']

describe('a request that a page elsewhere makes', () => {
  it.each(READS)('GET %s is 403, and read when somebody follows a link', async (path) => {
    for (const site of SITES) {
      const embedded = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
      expect((await get(path, embedded)).status).toBe(403)
      expect((await get(path, { 'sec-fetch-site': site })).status).toBe(403)
      const framed = { ...embedded, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }
      expect((await get(path, framed)).status).toBe(403)
      const link = { ...embedded, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
      expect((await get(path, link)).status).toBe(200)
    }
    expect((await get(path, { origin: 'https://evil.example' })).status).toBe(403)
  })

  it.each(TAKES_A_PLACE)('GET %s takes no place, by a link neither', async (path) => {
    const accept = { accept: 'text/event-stream' }
    for (const site of SITES) {
      expect((await get(path, { ...accept, 'sec-fetch-site': site })).status).toBe(403)
      const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
      expect((await get(path, { ...accept, ...link, 'sec-fetch-site': site })).status).toBe(403)
    }
  })

  it.each([
    [
      'our own page',
      { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    ],
    ['a bookmark', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    ['a tool', {}],
    ['a tool with a mode alone', { 'sec-fetch-mode': 'cors', 'accept-language': '*' }],
    ['a configured origin', { origin: TOOLS, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
  ])('is not that of %s', async (_, headers: Record<string, string>) => {
    for (const path of READS) expect((await get(path, headers)).status).toBe(200)
  })
})

describe('/metrics', () => {
  it.each([
    '10.1.2.3:3000',
    '[fd00::1]:3000',
    'incipit:3000',
    'incipit.prompts.svc.cluster.local',
    '192.168.0.9',
  ])('answers a tool that asks at %s', async (host) => {
    const scrape = {
      host,
      accept: 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'user-agent': 'Prometheus/3.1.0',
    }
    expect((await get('/metrics', scrape)).status).toBe(200)
    for (const path of ['/health', '/health/live', '/health/ready'])
      expect((await get(path, scrape)).status).toBe(200)
  })

  it.each([
    ['Origin', { origin: 'http://evil.example' }],
    ['its own Origin', { origin: 'http://incipit:3000' }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }],
    ['Referer', { referer: 'http://incipit:3000/' }],
    ['a language', { 'accept-language': 'en' }],
  ])('refuses a page whose name resolves to this machine: %s', async (_, headers: Record<string, string>) => {
    expect((await get('/metrics', { host: 'incipit:3000', ...headers })).status).toBe(403)
  })
})

describe('/api/openapi.json', () => {
  const path = '/api/openapi.json'

  it.each(['br', 'gzip', 'gzip, deflate, br;q=0.5', 'GZIP;q=1.0', 'identity', 'br;q=0, gzip;q=0.000', ''])(
    'is the same document for Accept-Encoding: %s',
    async (accepted) => {
      const read = await fetch(app.url + path, { headers: { 'accept-encoding': accepted } })
      expect(read.headers.get('vary')).toContain('Accept-Encoding')
      const encoding = /br(?!;q=0,)/.test(accepted) ? 'br' : /gzip(?!;q=0)/i.test(accepted) ? 'gzip' : null
      expect(read.headers.get('content-encoding')).toBe(encoding)
      expect(await read.json()).toMatchObject({ openapi: '3.1.1', info: { title: 'Incipit' } })
    },
  )

  it('is not sent again to whom has it', async () => {
    const { etag = '' } = (await get(path)).headers
    expect(etag).toMatch(/^"\S{22}"$/)
    expect(await get(path, { 'if-none-match': `W/${etag}` })).toMatchObject({ status: 304, text: '' })
    expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200)
    expect((await send({ method: 'HEAD', path })).headers.etag).toBe(etag)
  })
})
