import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '#lib/testing/database.ts'
import { freePort, type RunningApp, startApp } from '../start-app.ts'
import { type AppWithAccounts, startWithAccounts } from './accounts.ts'
import { exchange, type Received, type Sent } from './exchange.ts'
import { exchangeRaw } from './raw-connection.ts'

/** The states of access, what proxies may say, limits and headers, on the production build. */

const PUBLIC = 'https://prompts.example.org'
const HOST = 'prompts.example.org'
const NGINX = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }

const asker =
  (app: { url: string }) =>
  (path: string, headers: Record<string, string> = {}) =>
    exchange(app, { method: 'GET', path, headers })

describe('local', () => {
  let app: RunningApp
  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.stop())

  it.each<Record<string, string>>([
    { forwarded: 'for=1.2.3.4' },
    { via: '1.1 x' },
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-any': '1' },
  ])('refuses what came through a proxy: %o', async (headers) => {
    const get = asker(app)
    for (const path of [
      '/',
      '/prompts',
      '/settings',
      '/api/prompts',
      '/api/nothing',
      '/metrics',
      '/api/openapi.json',
    ]) {
      const answer = await get(path, headers)
      expect([path, answer.status]).toEqual([path, 403])
      expect(answer.text).toContain('Create the owner account')
    }
    const mcp = {
      method: 'POST',
      path: '/api/mcp',
      body: { jsonrpc: '2.0', id: 1, method: 'ping' },
      headers,
    } as Sent
    expect((await exchange(app, mcp)).status).toBe(403)
    expect((await get('/health', headers)).status).toBe(200)
    expect((await get('/health/ready', headers)).status).toBe(200)
    expect((await get('/health/ready?verbose', headers)).status).toBe(403)
  })

  it('tells its state to no page whose name was made to lead here, and its status under any name', async () => {
    const get = asker(app)
    const rebound = { host: 'evil.example', 'sec-fetch-site': 'same-origin' }
    expect((await get('/health/ready', rebound)).status).toBe(200)
    expect((await get('/health/ready?verbose', rebound)).status).toBe(403)
    expect((await get('/health/ready?verbose')).text).toContain('"system"')
  })

  it('ignores credentials, and counts nobody', async () => {
    const get = asker(app)
    for (let n = 0; n < 40; n++)
      expect((await get('/api/prompts', { authorization: 'Bearer any' })).status).toBe(200)
    expect(
      (await get('/api/prompts', { authorization: 'Basic any', cookie: `incipit-${app.port}=any` })).status,
    ).toBe(200)
  })
})

describe('set-up', () => {
  let app: RunningApp
  beforeAll(async () => {
    app = await startApp({ env: { INCIPIT_URL: PUBLIC } })
  })
  afterAll(() => app.stop())

  it('answers about health, and leads pages to the set-up', async () => {
    const get = asker(app)
    for (const path of ['/health', '/health/live', '/health/ready'])
      expect((await get(path)).status).toBe(200)
    for (const path of [
      '/',
      '/prompts',
      '/settings',
      '/nothing',
      '/sign-in',
      '/docs/templates',
      '/consent?x=1',
    ])
      expect(await get(path)).toMatchObject({
        status: 303,
        headers: { location: '/set-up', 'cache-control': 'no-store' },
      })
    expect((await get('/set-up')).status).not.toBe(303)
    expect((await get('/icon.svg')).status).toBe(200)
  })

  it('tells programs that there is nothing yet', async () => {
    const get = asker(app)
    const paths = [
      '/api/prompts',
      '/api/nothing',
      '/api/openapi.json',
      '/api/inngest',
      '/metrics',
      '/mcp/other',
    ]
    for (const path of paths) expect([path, (await get(path)).status]).toEqual([path, 401])
    const { text } = await get('/api/prompts', { authorization: 'Bearer inc_any' })
    expect(JSON.parse(text)).toMatchObject({
      code: 'unauthenticated',
      detail: expect.stringContaining('not set up yet'),
    })
    for (const method of ['POST', 'DELETE', 'OPTIONS', 'TRACE'])
      expect((await exchange(app, { method, path: '/api/prompts' })).status).toBe(401)
  })
})

describe('a start', () => {
  it('with another HOST and without accounts is no failure', async () => {
    const app = await startApp({ env: { HOST: '0.0.0.0' } })
    expect((await asker(app)('/api/prompts')).status).toBe(401)
    expect(await app.stop()).toBe(0)
  })

  it('with security.allow_open warns each time, and serves everybody', async () => {
    const app = await startApp({ env: { HOST: '0.0.0.0' }, config: { security: { allow_open: true } } })
    const answer = await asker(app)('/api/prompts', NGINX)
    expect(answer.status).toBe(200)
    expect(app.output()).toContain('everybody who reaches this address acts as its owner')
    await app.stop()
  })

  it('with accounts and a public address without TLS is refused, unless the operator says so', async () => {
    const database = await freshDatabase()
    const env = { INCIPIT_URL: 'http://prompts.internal' }
    const first = await startApp({ database: database.url, env })
    expect(first.output()).toContain('the first start after the set-up is refused')
    await first.stop()
    const { Client } = (await import('pg')).default
    const client = new Client({ connectionString: database.ownerUrl })
    await client.connect()
    await client.query('UPDATE access_state SET first_owner_at = now()')
    await client.end()
    await expect(startApp({ database: database.url, env })).rejects.toThrow(
      /set security\.allow_http to true/,
    )
    const allowed = await startApp({
      database: database.url,
      env,
      config: { security: { allow_http: true } },
    })
    const answer = await asker(allowed)('/api/prompts')
    // OAuth is off there: no place is named where a token were to be had.
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    await allowed.stop()
    await database.drop()
  })
})

describe('the limits at the door, with accounts', () => {
  let world: AppWithAccounts
  beforeAll(async () => {
    world = await startWithAccounts({ limits: { unknown_per_second: 5 } })
  })
  afterAll(() => world.stop())

  it('case 19: hold however a client spells its address', async () => {
    const get = asker(world.app)
    const answers: Received[] = []
    for (let n = 0; n < 40; n++) {
      const made = `198.51.100.${n}`
      answers.push(
        await get('/api/prompts', { 'x-forwarded-for': made, forwarded: `for=${made}`, via: `1.1 ${made}` }),
      )
    }
    const limited = answers.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(10)
    expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(5)
    expect(limited[0]?.headers).toMatchObject({
      'retry-after': '1',
      ratelimit: '"unknown";r=0;t=1',
      'ratelimit-policy': '"unknown";q=5;w=1',
    })
    const warnings = world.app
      .output()
      .split('\n')
      .filter((line) => line.includes('security.trusted_proxies'))
    expect(warnings).toHaveLength(1)
  })

  it('let monitors and files pass', async () => {
    const get = asker(world.app)
    for (let n = 0; n < 40; n++)
      expect((await get(n % 2 === 0 ? '/health/live' : '/icon.svg')).status).toBe(200)
  })

  it('leave a body unread: an answer does not wait for it', async () => {
    const head = `POST /api/prompts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`
    const half = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(
        `${world.app.url}/api/prompts`,
        { method: 'POST', headers: { 'content-length': '1000000', 'content-type': 'application/json' } },
        (response) => {
          resolve(String(response.statusCode))
          request.destroy()
        },
      )
      request.on('error', reject)
      request.write('{')
    })
    expect(['401', '429']).toContain(half)
    const asks = await exchangeRaw(
      world.app,
      `${head}Content-Length: 9\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
    )
    expect([401, 429]).toContain(asks.status)
  })
})

describe('behind trusted proxies', () => {
  let world: AppWithAccounts
  beforeAll(async () => {
    world = await startWithAccounts({
      server: { url: PUBLIC },
      security: { trusted_proxies: ['127.0.0.1'], metrics_from: ['203.0.113.7'] },
      limits: { unknown_per_second: 3 },
    })
  })
  afterAll(() => world.stop())

  it('each client has its own limit', async () => {
    const get = asker(world.app)
    const from = (address: string) => get('/api/prompts', { host: HOST, 'x-forwarded-for': address })
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) statuses.push((await from('203.0.113.1')).status)
    expect(statuses).toContain(429)
    for (let n = 0; n < 12; n++) expect((await from(`203.0.113.${n + 10}`)).status).toBe(401)
    // What a client writes before the proxy’s own word makes no other one of it.
    const spoofed: number[] = []
    for (let n = 0; n < 12; n++) spoofed.push((await from(`198.51.100.${n}, 203.0.113.2`)).status)
    expect(spoofed).toContain(429)
    const sameNetwork: number[] = []
    for (let n = 0; n < 12; n++) sameNetwork.push((await from(`2001:db8:1:2::${n}`)).status)
    expect(sameNetwork).toContain(429)
  })

  it('the Host is the one that the proxy was asked for', async () => {
    const get = asker(world.app)
    const asked = (forwarded: string) =>
      get('/docs/templates', {
        host: 'upstream',
        'x-forwarded-host': forwarded,
        'x-forwarded-for': '203.0.113.3',
      })
    expect((await asked(HOST)).status).toBe(200)
    expect((await asked('evil.example')).status).toBe(403)
  })

  it('metrics are read from named addresses', async () => {
    const get = asker(world.app)
    const from = (address: string) => get('/metrics', { host: HOST, 'x-forwarded-for': address })
    expect((await from('203.0.113.7')).status).toBe(200)
    expect((await from('203.0.113.8')).status).toBe(401)
  })
})

describe('every kind of answer', () => {
  let world: AppWithAccounts
  beforeAll(async () => {
    world = await startWithAccounts({
      server: { url: PUBLIC },
      limits: { unknown_per_second: 0, body_bytes: 1000 },
    })
  })
  afterAll(() => world.stop())

  const SAFE = {
    'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cross-origin-opener-policy': 'same-origin',
    'strict-transport-security': 'max-age=31536000',
  }

  const KINDS: [string, number, Sent][] = [
    ['a refusal of REST', 401, { method: 'GET', path: '/api/prompts' }],
    ['a refusal of MCP', 401, { method: 'POST', path: '/api/mcp', body: {} }],
    ['a refusal before Next', 401, { method: 'GET', path: '/api/prompts/' }],
    ['a refusal of the functions', 401, { method: 'POST', path: '/api/inngest', body: {} }],
    ['a document', 200, { method: 'GET', path: '/api/openapi.json' }],
    ['a probe', 200, { method: 'GET', path: '/health/ready' }],
    ['a redirect', 303, { method: 'GET', path: '/prompts' }],
    ['a page', 200, { method: 'GET', path: '/docs/templates' }],
    ['a file', 200, { method: 'GET', path: '/icon.svg' }],
    ['a file that there is not', 404, { method: 'GET', path: '/_next/static/none.js' }],
    ['a foreign Host', 403, { method: 'GET', path: '/prompts', headers: { host: 'evil.example' } }],
    [
      'a page that is refused',
      403,
      { method: 'GET', path: '/prompts', headers: { host: 'evil.example', accept: 'text/html' } },
    ],
    [
      'a foreign Origin',
      403,
      { method: 'GET', path: '/api/prompts', headers: { origin: 'https://evil.example' } },
    ],
    ['a method that there is not', 401, { method: 'TRACE', path: '/api/prompts' }],
    ['a message with two meanings', 400, { method: 'GET', path: '//evil.example/' }],
  ]

  it.each(KINDS)('%s is safe', async (_, status, sent) => {
    const answer = await exchange(world.app, { ...sent, headers: { host: HOST, ...sent.headers } })
    expect([answer.status, answer.headers]).toEqual([status, expect.objectContaining(SAFE)])
    // A cache in between may keep the product's own files and text alone.
    expect(answer.headers['cache-control']).toMatch(status === 200 ? /./ : /no-store|max-age=0/)
  })

  it('pages for somebody who is known are safe', async () => {
    const { cookie } = await world.signedIn('owner')
    const get = (path: string, more: Record<string, string> = {}) =>
      exchange(world.app, { method: 'GET', path, headers: { host: HOST, cookie, ...more } })
    for (const [path, status] of [
      ['/prompts', 200],
      ['/nothing', 404],
      ['/prompts/', 308],
      ['/api/prompts/', 308],
      ['/api/nothing', 404],
    ] as const) {
      const answer = await get(path)
      expect([path, answer.status, answer.headers]).toEqual([path, status, expect.objectContaining(SAFE)])
    }
    // Next leads a request for the data of a page to the address that has the mark of its headers.
    const marked = await get('/prompts', { rsc: '1' })
    const rows = await get(marked.headers.location ?? '/prompts', { rsc: '1' })
    expect([rows.status, rows.headers]).toEqual([200, expect.objectContaining(SAFE)])
    expect(rows.headers['cache-control']).toMatch(/no-store/)
    const { headers } = await get('/api/categories')
    expect(headers['cache-control']).toBe('private, no-cache')
  })

  it('what is no HTTP is safe', async () => {
    expect((await exchangeRaw(world.app, 'nonsense\r\n\r\n')).headers).toMatchObject(SAFE)
    const tunnel = await exchangeRaw(world.app, `CONNECT x:443 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
    expect(tunnel).toMatchObject({ status: 405, headers: SAFE })
  })

  it('says each header once', async () => {
    for (const path of [
      '/docs/templates',
      '/api/prompts',
      '/health',
      '/icon.svg',
      '/api/inngest',
      '/.well-known/none',
    ]) {
      const { headers } = await exchange(world.app, { method: 'GET', path, headers: { host: HOST } })
      for (const name of Object.keys(SAFE)) expect([path, name, headers[name]]).not.toContain(', nosniff')
      expect([path, headers['x-frame-options'], headers['referrer-policy']]).toEqual([
        path,
        'DENY',
        'strict-origin-when-cross-origin',
      ])
    }
  })

  it('pages whose links hold a secret tell no other server where somebody was', async () => {
    for (const path of ['/sign-in', '/set-up', '/invitation', '/reset']) {
      const { headers } = await exchange(world.app, { method: 'GET', path, headers: { host: HOST } })
      expect([path, headers['referrer-policy']]).toEqual([path, 'no-referrer'])
    }
  })
})

it('while the database is not there yet nobody is let in', async () => {
  const port = await freePort()
  const app = await startApp({ database: `postgres://u:p@127.0.0.1:${port}/none`, until: 'live' })
  const get = asker(app)
  expect((await get('/api/prompts')).status).toBe(503)
  expect((await get('/api/nothing')).status).toBe(503)
  expect((await get('/prompts')).status).toBe(503)
  expect((await get('/health/ready')).status).toBe(503)
  await app.kill()
})
