import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { type AppWithAccounts, startWithAccounts } from './accounts.ts'
import { readDescription } from './described.ts'
import { exchange, type Received, type Sent } from './exchange.ts'
import { exchangeRaw } from './raw-connection.ts'

/** Somebody without a valid credential walks over every path: nothing answers but what is open to everybody. */

/** Signed by git hosts, who have no account. */
const HOOK = '/api/repositories/{id}/hook'
const OPEN_API = ['/api/openapi.json', '/health', '/health/live', '/health/ready', HOOK]
/** A name that no refusal may tell. */
const SECRET = 'reasoning_steps'
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const PROGRAM = /^\/(?:(?:api|mcp)(?:[/?]|$)|metrics$)/

let world: AppWithAccounts
let owner: Record<string, string>
let routes: string[]
let invalid: [string, Record<string, string>][]

beforeAll(async () => {
  world = await startWithAccounts({ limits: { unknown_per_second: 0, wrong_credentials: 1_000_000 } })
  owner = { cookie: (await world.signedIn('owner')).cookie }
  const { document } = await readDescription(world.app)
  routes = Object.keys(document.paths)
    .filter(
      (each) =>
        !OPEN_API.includes(each) && !each.startsWith('/api/auth/') && !each.startsWith('/.well-known/'),
    )
    .map((each) => each.replaceAll(/\{\w+\}/g, 'zero_shot'))
  invalid = await credentials()
})
afterAll(() => world.stop())

const send = (sent: Sent) => exchange(world.app, sent)
const get = (at: string, headers: Record<string, string> = {}) => send({ method: 'GET', path: at, headers })

async function newKey(): Promise<{ id: string; key: string }> {
  const { json, status, text } = await send({
    method: 'POST',
    path: '/api/keys',
    headers: { ...owner, origin: world.app.url },
    body: { name: 'outsider', preset: 'full' },
  })
  if (status !== 201) throw new Error(`no key: ${status} ${text}`)
  return json as { id: string; key: string }
}

/** Everything that opens nothing, by what is wrong with it. */
async function credentials(): Promise<[string, Record<string, string>][]> {
  const { pool } = world
  const name = `incipit-${world.app.port}`
  const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
  const basic = (user: string, password = '') => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` })
  const [good, revoked, expired, lost] = [await newKey(), await newKey(), await newKey(), await newKey()]
  await send({
    method: 'DELETE',
    path: `/api/keys/${revoked.id}`,
    headers: { ...owner, origin: world.app.url },
  })
  await pool.query(`UPDATE api_key SET expires_at = created_at + interval '1 ms' WHERE id = $1`, [expired.id])
  await pool.query('DELETE FROM api_key_secret WHERE key_id = $1', [lost.id])
  const gone = await world.signedIn('admin')
  await pool.query('UPDATE member SET deactivated_at = now() WHERE actor_id = $1', [gone.actorId])
  const signedOut = await world.signedIn('owner')
  await pool.query(
    'DELETE FROM person_session WHERE person_id = (SELECT person_id FROM member WHERE actor_id = $1)',
    [signedOut.actorId],
  )
  const jwt = [{ alg: 'none' }, { sub: 'owner', aud: `${world.app.url}/api/mcp` }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return [
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['a key without a scheme', { authorization: good.key }],
    ['a key under an unknown scheme', { authorization: `Digest ${good.key}` }],
    ['a part of a key', bearer(good.key.slice(0, -1))],
    ['a key with a wrong checksum', bearer(`${good.key.slice(0, -1)}${good.key.endsWith('0') ? '1' : '0'}`)],
    ['a key in capitals', bearer(good.key.toUpperCase())],
    ['a long text', bearer('x'.repeat(8000))],
    ['broken Basic', { authorization: 'Basic %%%' }],
    ['Basic without a key', basic('owner', 'owner')],
    ['a token that signs itself', bearer(`${jwt}.`)],
    ['a revoked key', bearer(revoked.key)],
    ['a revoked key as Basic', basic('x', revoked.key)],
    ['an expired key', bearer(expired.key)],
    ['a key of another server', bearer(lost.key)],
    ['a session that was ended', { cookie: signedOut.cookie }],
    ['a session that has expired', { cookie: (await world.signedIn('owner', { expired: true })).cookie }],
    ['a session of somebody who may not any more', { cookie: gone.cookie }],
    ['a made up session', { cookie: `${name}=${'A'.repeat(43)}` }],
    ['a session under another name', { cookie: owner.cookie?.replace(name, 'incipit-1') ?? '' }],
  ]
}

/** What is wrong with how an outsider was answered; undefined: nothing. */
function leak(at: string, method: string, { status, headers, text }: Received): string | undefined {
  const isRead = method === 'GET' || method === 'HEAD'
  const isRedirect = !PROGRAM.test(at) && isRead
  if (isRedirect ? status !== 303 : status !== 401) return `${method} ${at}: ${status} ${text.slice(0, 200)}`
  if (isRedirect && !headers.location?.startsWith('/sign-in?next='))
    return `${method} ${at}: to ${headers.location}`
  if (!isRedirect && !headers['www-authenticate']?.startsWith('Bearer'))
    return `${method} ${at}: no challenge`
  if (headers['cache-control'] !== 'no-store') return `${method} ${at}: may be cached`
  if (text.includes(SECRET)) return `${method} ${at}: tells something`
  return undefined
}

async function leaks(
  paths: readonly string[],
  methods: readonly string[],
  headers: Record<string, string> = {},
) {
  const found: string[] = []
  for (const at of paths)
    for (const method of methods) {
      const said = leak(at, method, await send({ method, path: at, headers }))
      if (said !== undefined) found.push(said)
    }
  return found
}

/** Every page, with its parameters filled in. */
function pages(): string[] {
  return readdirSync(path.join(ROOT, 'app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'page.tsx')
    .map((file) => path.dirname(file).split(path.sep))
    .filter(([first]) => first !== '(outside)')
    .map((parts) => `/${parts.filter((part) => !/^[(.]/.test(part)).join('/')}`)
    .map((at) => at.replaceAll(/\[[\w.]+\]/g, 'zero_shot'))
}

const MCP_PATHS = ['/api/mcp', '/mcp/prompts/list', '/mcp/prompts/get', '/mcp/tools/list', '/mcp/tools/call']

const ODD = [
  '/api',
  '/api/',
  '/api/nothing',
  '/api/nothing/at/all',
  '/api//prompts',
  '/api/prompts/',
  '/api/prompts//',
  '/api/%70rompts',
  '/api/prompts%2f',
  '/api/prompts%00',
  '/api/prompts%zz',
  '/api/prompts;x=1',
  '/api/prompts.png',
  '/api/prompts/zero_shot.png',
  '/api/prompts?_rsc=abc',
  '/api/prompts?x=%ff',
  '/api/openapi.json/',
  '/api/openapi%2Ejson',
  '/api/auth',
  '/api/authx',
  '/api/inngest',
  '/api/mcp/',
  '/api/mcp?label=production',
  '/mcp',
  '/mcp/other',
  '/mcp/prompts/get/',
  '/%61pi/prompts',
  '/API/prompts',
  '/prompts/',
  '/prompts.rsc',
  '/prompts.txt',
  '/prompts/zero_shot.png',
  '/prompts/zero_shot.svg',
  '/prompts?_rsc=abc',
  '/index',
  '/sign-in/',
  '/sign-in.rsc',
  '/Sign-In',
  '/health/',
  '/health/other',
  '/healthy',
  '/metrics/',
  '/nothing',
  '/nothing.png',
  '/_next/data/build/prompts.json',
  '/_next/image?url=/icon.svg&w=64&q=75',
  '/_next/other',
]

describe('an outsider', () => {
  it('gets nothing from any route, by any method', async () => {
    expect(routes.length).toBeGreaterThan(30)
    expect(await leaks(routes, METHODS)).toEqual([])
  })

  it('gets nothing from a page', async () => {
    const all = pages()
    expect(all.length).toBeGreaterThan(10)
    expect(await leaks(all, METHODS)).toEqual([])
  })

  it('gets nothing over MCP', async () => {
    expect(await leaks(MCP_PATHS, METHODS)).toEqual([])
    const list = { jsonrpc: '2.0', id: 1, method: 'prompts/list', params: {} }
    for (const at of MCP_PATHS) {
      const answer = await send({ method: 'POST', path: at, body: list })
      expect(answer).toMatchObject({
        status: 401,
        headers: {
          'www-authenticate': `Bearer resource_metadata="http://localhost:${world.app.port}/.well-known/oauth-protected-resource/api/mcp", scope="prompts:read"`,
        },
      })
    }
  })

  it('gets nothing by another spelling, nor where there is nothing', async () => {
    expect(await leaks(ODD, ['GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE'])).toEqual([])
    for (const target of [
      '//api/prompts',
      '/api/../api/prompts',
      '/docs/%2e%2e/api/prompts',
      '/.well-known/../prompts',
    ]) {
      const raw = await exchangeRaw(world.app, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      expect(raw.status).toBe(400)
    }
  })

  it('gets nothing as the router of the browser asks, nor as its forms do', async () => {
    const asks = [
      { rsc: '1' },
      { rsc: '1', 'next-router-prefetch': '1', 'next-url': '/prompts' },
      { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
      { 'next-action': '00'.repeat(21), 'content-type': 'multipart/form-data; boundary=x' },
      { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy', purpose: 'prefetch' },
      { 'x-nextjs-data': '1', 'x-matched-path': '/prompts', 'x-invoke-path': '/prompts' },
    ] as Record<string, string>[]
    for (const headers of asks)
      for (const method of ['GET', 'POST'])
        for (const at of pages()) {
          const answer = await send({ method, path: at, headers })
          expect([303, 401]).toContain(answer.status)
          expect(answer.text).not.toContain(SECRET)
        }
  })

  it('gets nothing with a credential that is not valid any more, or never was', async () => {
    const few = [
      ...routes.filter((_, index) => index % 4 === 0),
      ...MCP_PATHS,
      '/api/nothing',
      '/metrics',
      '/prompts',
    ]
    for (const [what, headers] of invalid)
      expect([what, await leaks(few, ['GET', 'POST'], headers)]).toEqual([what, []])
  })

  it('gets nothing for a key in an address', async () => {
    const { key } = await newKey()
    const at = `/api/prompts?api_key=${key}`
    expect((await get('/api/prompts', { authorization: `Bearer ${key}` })).status).toBe(200)
    for (const headers of [{}, owner, { authorization: `Bearer ${key}` }])
      expect(await get(at, headers)).toMatchObject({ status: 401 })
    expect((await get(`/api/prompts?access_token=${key}`)).status).toBe(401)
  })

  it('gets nothing from a hook that it cannot sign for', async () => {
    for (const id of ['zero_shot', '018f0000-0000-7000-8000-000000000000'])
      for (const method of METHODS) {
        const answer = await send({
          method,
          path: HOOK.replace('{id}', id),
          headers: { 'x-gitlab-token': 'x' },
        })
        expect([id, method, answer.status]).toEqual([id, method, method === 'POST' ? 401 : 405])
        expect(answer.text).not.toContain(SECRET)
      }
  })

  it('gets 400 for two credentials', async () => {
    const { key } = await newKey()
    expect((await get('/api/prompts', { ...owner, authorization: `Bearer ${key}` })).status).toBe(400)
  })

  it('is told about the health of the app, and no more than that', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200 })
    expect((await get('/health')).status).toBe(200)
    expect(await get('/health/ready')).toMatchObject({ status: 200, json: { status: 'ready' } })
    expect((await get('/health/ready')).json).not.toHaveProperty('checks')
    expect((await get('/health/ready?verbose')).status).toBe(401)
    expect((await get('/metrics')).status).toBe(401)
    const { cookie } = await world.signedIn('viewer')
    expect((await get('/metrics', { cookie })).status).toBe(403)
    expect((await get('/health/ready?verbose', { cookie })).status).toBe(403)
    expect((await get('/metrics', owner)).status).toBe(200)
    const verbose = (await get('/health/ready?verbose', owner)).json as { system: { app: object } }
    expect(verbose).toHaveProperty('checks')
    expect(verbose.system).toMatchObject({ instances: expect.any(Array), database: { embedded: false } })
    const system = (await get('/api/system', owner)).json as { app: { id: string } }
    expect(verbose.system.app).toMatchObject({ id: system.app.id })
    expect((await get('/api/system', { cookie })).status).toBe(403)
  })

  it('reads the product’s text', async () => {
    expect((await get('/api/openapi.json')).status).toBe(200)
    expect((await get('/docs/templates')).status).toBe(200)
    for (const file of [
      'icon.svg',
      'apple-icon.png',
      'favicon.ico',
      ...readdirSync(path.join(ROOT, 'public')),
    ])
      expect([file, (await get(`/${file}`)).status]).toEqual([file, 200])
    for (const at of ['/docs', '/docs/api', '/docs/access', '/client.tgz'])
      expect([at, (await get(at)).status]).toEqual([at, 200])
    expect((await get('/docs/nothing')).status).toBe(404)
    expect((await get('/.well-known/nothing')).status).toBe(404)
    expect((await get('/.well-known/oauth-authorization-server')).status).toBe(200)
    // Each of the two has its paths below /api/auth/oauth2.
    expect((await get('/api/auth/oauth2/token')).status).toBe(405)
    expect((await get('/api/auth/oauth2/callback/sso')).status).not.toBe(404)
    expect((await get('/api/auth/oauth2/nothing')).status).toBe(404)
  })
})

describe('somebody who is known', () => {
  it('is answered on every one of these paths', async () => {
    for (const at of pages())
      expect([at, (await get(at, owner)).status < 400 || at.includes('zero_shot')]).toEqual([at, true])
    for (const at of routes) {
      // HEAD: a stream would not end.
      const { status } = await send({ method: 'HEAD', path: at, headers: owner })
      expect([at, status === 401]).toEqual([at, false])
    }
    expect((await get('/api/nothing', owner)).status).toBe(404)
    for (const at of ['/nothing', '/nothing/at/all', '/nothing.png', '/settings/nothing'])
      expect(await get(at, owner)).toMatchObject({
        status: 404,
        text: expect.stringContaining('Nothing is here'),
        headers: { 'content-security-policy': expect.stringContaining("'strict-dynamic'") },
      })
    expect((await send({ method: 'TRACE', path: '/api/prompts', headers: owner })).status).not.toBe(401)
  })
})
