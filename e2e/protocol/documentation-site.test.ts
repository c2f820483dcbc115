import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { type AppWithAccounts, startWithAccounts } from './accounts.ts'

const PAGES = [
  '/docs',
  '/docs/templates',
  '/docs/api',
  '/docs/api/prompts',
  '/docs/adr',
  '/docs/adr/0077-one-door',
]

const fetchPlain = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url, { headers: { 'accept-encoding': 'identity', ...headers }, method, redirect: 'manual' })

/** Every file that a page loads. */
const filesOf = (html: string) =>
  [...html.matchAll(/\s(?:src|href|data-search|data-index)="(\/docs\/assets\/[^"]+)"/g)].map(
    ([, file = '']) => file,
  )

describe('the documentation, without accounts', () => {
  let app: RunningApp
  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.stop())
  const get = (path: string, headers?: Record<string, string>, method?: string) =>
    fetchPlain(app.url + path, headers, method)

  it.each(PAGES)('%s is a page with a policy that allows nothing inline', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).not.toContain('unsafe')
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    const html = await answer.text()
    const files = filesOf(html)
    expect(files.length).toBeGreaterThan(4)
    for (const file of files) {
      const { status, headers } = await get(file)
      expect([file, status, headers.get('cache-control')]).toEqual([
        file,
        200,
        'public, max-age=31536000, immutable',
      ])
    }
  })

  it('is asked for once, and then only whether it changed', async () => {
    const first = await get('/docs/templates')
    expect(first.headers.get('cache-control')).toBe('public, no-cache')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{22}"$/)
    const again = await get('/docs/templates', { 'if-none-match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const weak = await get('/docs/templates', { 'if-none-match': `W/${etag}` })
    expect(weak.status).toBe(304)
  })

  it('comes packed as the client likes', async () => {
    const plain = Buffer.from(await (await get('/docs/templates')).arrayBuffer())
    for (const [encoding, unpack] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const { request } = await import('node:http')
      const { promise, resolve } = Promise.withResolvers<[string | undefined, string | undefined, Buffer]>()
      request(`${app.url}/docs/templates`, { headers: { 'accept-encoding': encoding } }, (answer) => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.on('end', () =>
          resolve([answer.headers['content-encoding'], answer.headers.vary, Buffer.concat(pieces)]),
        )
      }).end()
      const [told, vary, bytes] = await promise
      expect([told, vary]).toEqual([encoding, 'Accept-Encoding'])
      expect(bytes.length).toBeLessThan(plain.length / 2)
      expect(unpack(bytes).equals(plain)).toBe(true)
    }
  })

  it('leads addresses of the repository on, and says what there is not', async () => {
    for (const [from, to] of [
      ['/docs/', '/docs'],
      ['/docs/templates.md', '/docs/templates'],
      ['/docs/ARCHITECTURE.md', '/docs/architecture'],
      ['/docs/adr/README.md', '/docs/adr'],
      ['/docs/README.md', '/docs'],
    ] as const) {
      const answer = await get(from)
      expect([from, answer.status, answer.headers.get('location')]).toEqual([from, 308, to])
    }
    for (const path of [
      '/docs/nothing',
      '/docs/../package.json',
      '/docs/%2e%2e/package.json',
      '/docs/assets/none.js',
      '/docs/__proto__',
      '/docs//evil.example',
    ]) {
      const answer = await get(path)
      expect([path, answer.status < 500 && answer.status !== 200]).toEqual([path, true])
      expect(answer.headers.get('location') ?? '/').toMatch(/^\/(?!\/)/)
    }
    const missing = await get('/docs/nothing')
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store'])
    expect(await missing.text()).toContain('No such page')
  })

  it('is read alone', async () => {
    const head = await get('/docs', {}, 'HEAD')
    expect([head.status, await head.text()]).toEqual([200, ''])
    const post = await get('/docs', {}, 'POST')
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('refuses foreign names and what came through a proxy, files too', async () => {
    for (const path of ['/docs', filesOf(await (await get('/docs')).text())[0] ?? '']) {
      const forwarded = await get(path, { 'x-forwarded-for': '203.0.113.1' })
      expect([path, forwarded.status]).toEqual([path, 403])
      const foreign = await get(path, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })
      expect([path, foreign.status]).toEqual([path, 403])
    }
  })

  it('is counted as a page', async () => {
    await get('/docs')
    const metrics = await (await get('/metrics')).text()
    expect(metrics).toMatch(/incipit_requests_total\{[^}]*route="\/docs"/)
  })
})

describe('the documentation, with accounts', () => {
  let world: AppWithAccounts
  beforeAll(async () => {
    world = await startWithAccounts({ limits: { unknown_per_second: 5 } })
  })
  afterAll(() => world.stop())

  it('is open to everybody, and its files are no pages for the limit of those who are not known', async () => {
    const { url } = world.app
    const answer = await fetchPlain(`${url}/docs`)
    expect(answer.status).toBe(200)
    const [file = ''] = filesOf(await answer.text())
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await fetchPlain(url + file)).status),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await fetchPlain(`${url}/api/openapi.json`)).status).toBe(200)
  })
})

describe('the documentation, before the set-up', () => {
  let app: RunningApp
  beforeAll(async () => {
    app = await startApp({ env: { INCIPIT_URL: 'https://prompts.example.org' } })
  })
  afterAll(() => app.stop())

  it('leads to the set-up', async () => {
    const host = { host: 'prompts.example.org' }
    const { request } = await import('node:http')
    for (const path of ['/docs', '/docs/api', '/docs/assets/site.css']) {
      const { promise, resolve } = Promise.withResolvers<[number | undefined, string | undefined]>()
      request(app.url + path, { headers: host }, (answer) => {
        answer.resume()
        resolve([answer.statusCode, answer.headers.location])
      }).end()
      expect([path, await promise]).toEqual([path, [303, '/set-up']])
    }
  })
})
