import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Credential, type Identity, UNBOUND } from '../access/actor.ts'
import { type CredentialKind, setCredentialResolver } from '../access/credentials.ts'
import { REST_TAKES } from '../access/identify.ts'
import { type Scope } from '../access/rules.ts'
import type { Environment } from '../config/environment.ts'
import { loadConfig } from '../config/load.ts'
import { mcpProtocol } from '../mcp/endpoint.ts'
import { streamableHttp } from '../mcp/transport/streamable-http.ts'
import { createRuntime, getRuntime, setRuntime } from '../runtime.ts'
import { admit, admitReader, admitUnknown } from './admit.ts'
import { type AdmittedRequest, bodyText, type HttpAnswer, type HttpRequest } from './message.ts'
import { type Protocol, pass } from './pass.ts'
import { problemAnswer } from './problem.ts'
import { webRequest } from './web.ts'

/* The door with accounts: credentials are recognized by doubles that know one secret each. */

const HOST = 'prompts.example.org'
const ORIGIN = `https://${HOST}`
const KEY = { authorization: 'Bearer inc_good' }
const COOKIE = { cookie: '__Host-incipit=good' }

interface World {
  environment?: Environment
  hasAccounts?: boolean
  scopes?: Scope[]
  must?: Identity['must']
}

function install({
  environment = {},
  hasAccounts = true,
  scopes = ['prompts:read'],
  must,
}: World = {}): void {
  const served = { INCIPIT_LOG_LEVEL: 'silent', INCIPIT_URL: ORIGIN, ...environment }
  setRuntime(createRuntime(loadConfig(served, '/nowhere')))
  getRuntime().once('access.state', () => ({ hasAccounts, wasRead: true }))
  getRuntime().once('access.identity', () => ({ owner: identity({ kind: 'none' }, ['settings:write']) }))
  const kinds: Record<CredentialKind, [string, Credential]> = {
    key: ['inc_good', { kind: 'key', id: 'k', personActorId: null }],
    token: ['good', { kind: 'token', id: 't', clientId: 'c', personActorId: null }],
    session: ['good', { kind: 'session', id: 's', personId: 'p', freshUntil: 0 }],
  }
  for (const kind of ['key', 'token', 'session'] as const) {
    const [secret, credential] = kinds[kind]
    const known = { ...identity(credential, scopes), must }
    setCredentialResolver(kind, {
      identify: async (given) => (given === secret ? known : undefined),
      current: async () => known,
    })
  }
}

function identity(credential: Credential, scopes: Scope[]): Identity {
  const who = { id: 'a', kind: 'person', workspaceId: 'w', role: 'owner' } as const
  return { ...who, ...UNBOUND, scopes: new Set(scopes), credential }
}

beforeEach(() => install())
afterEach(() => {
  vi.restoreAllMocks()
  setRuntime(undefined)
})

const rest: Protocol<AdmittedRequest> = {
  name: 'rest',
  allow: 'GET, POST',
  preflight: 'X-Known',
  hasCors: true,
  admit: (request) => admit(request, { mayNavigate: true, takes: REST_TAKES }),
  answer: (request) => ({ status: 200, headers: {}, body: request.record.identity?.id ?? '' }),
  refuse: problemAnswer,
}

interface Sent {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string
  protocol?: Protocol<AdmittedRequest>
}

async function ask({ method = 'GET', path = '/api/prompts', headers = {}, body, protocol }: Sent = {}) {
  const request = new Request(ORIGIN + path, {
    method,
    headers: { host: HOST, ...headers },
    body: body ?? null,
  })
  const read = vi.spyOn(request, 'body', 'get')
  const answer = await pass(protocol ?? rest, webRequest(request))
  return { ...answer, isBodyRead: read.mock.calls.length > 0 }
}

const statusOf = async (sent: Sent) => (await ask(sent)).status
const saidBy = ({ body }: HttpAnswer): string => JSON.parse(bodyText(body)).detail

describe('with accounts', () => {
  it.each<[string, Sent]>([
    ['nothing', {}],
    ['a word that is no credential', { headers: { authorization: 'inc_good' } }],
    ['an unknown scheme', { headers: { authorization: 'Digest inc_good' } }],
    ['a wrong key', { headers: { authorization: 'Bearer inc_bad' } }],
    ['a wrong key beside nothing else', { headers: { authorization: `Basic ${btoa('inc_bad:')}` } }],
    ['an access token, which is for MCP', { headers: { authorization: 'Bearer good' } }],
    ['a wrong session', { headers: { cookie: '__Host-incipit=bad' } }],
    ['the cookie of another server', { headers: { cookie: 'incipit-3000=good' } }],
    ['a key in the address', { path: '/api/prompts?key=inc_good0123456789abcdef' }],
    ['a token in the address', { path: '/api/prompts?access_token=good' }],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['an unknown method', { method: 'PROPFIND' }],
    ['HEAD', { method: 'HEAD' }],
    ['a body', { method: 'POST', body: 'x'.repeat(100), headers: { 'content-length': '100' } }],
  ])('%s is answered 401 before a body is read', async (_, sent) => {
    const answer = await ask(sent)
    expect(answer).toMatchObject({ status: 401, isBodyRead: false })
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('a key in the address is refused beside a good session', async () => {
    expect(await statusOf({ path: '/api/prompts?x=inc_good0123456789abcdef', headers: COOKIE })).toBe(401)
  })

  it.each<[string, Record<string, string>]>([
    ['a key', KEY],
    ['a key as user', { authorization: `Basic ${btoa('inc_good:')}` }],
    ['a key as password', { authorization: `Basic ${btoa('me:inc_good')}` }],
    ['a session', COOKIE],
  ])('%s is let in', async (_, headers) => {
    expect(await ask({ headers })).toMatchObject({ status: 200, body: 'a' })
  })

  it.each<Record<string, string>>([
    { ...COOKIE, ...KEY },
    { ...COOKIE, authorization: 'Bearer inc_bad' },
    { authorization: `Basic ${btoa('inc_good:inc_bad')}` },
    { cookie: '__Host-incipit=good; __Host-incipit=bad' },
  ])('two credentials are 400, whichever is good: %o', async (headers) => {
    expect(await statusOf({ headers })).toBe(400)
  })

  it('what is open to everybody is read by nobody in particular, whatever they bring', async () => {
    for (const headers of [{}, KEY, { authorization: 'Bearer inc_bad' }])
      expect(await ask({ path: '/api/openapi.json', headers })).toMatchObject({ status: 200, body: '' })
  })

  it('only pages of configured origins learn by OPTIONS what there is', async () => {
    getRuntime().config.security.cors_origins.push('https://tools.example')
    const preflight = { 'access-control-request-method': 'POST' }
    const of = (origin: string) => ask({ method: 'OPTIONS', headers: { ...preflight, origin } })
    expect(await of('https://tools.example')).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': 'https://tools.example' },
    })
    expect((await of('https://tools.example')).headers).not.toHaveProperty('access-control-allow-credentials')
    expect((await of('https://evil.example')).status).toBe(403)
    expect((await of(ORIGIN)).status).toBe(204)
    expect(await statusOf({ method: 'OPTIONS', headers: KEY })).toBe(204)
  })
})

describe('the cookie of a session', () => {
  const post = (headers: Record<string, string>) =>
    statusOf({ method: 'POST', headers: { ...COOKIE, ...headers } })
  const get = (headers: Record<string, string>) => statusOf({ headers: { ...COOKIE, ...headers } })

  it('changes something for our own pages alone', async () => {
    expect(await post({ origin: ORIGIN })).toBe(200)
    expect(await post({ origin: ORIGIN, 'sec-fetch-site': 'same-origin' })).toBe(200)
    getRuntime().config.security.cors_origins.push('https://tools.example')
    for (const headers of [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'null' },
      { origin: `http://${HOST}` },
      { origin: 'https://evil.example' },
      { origin: 'https://tools.example' },
      { origin: ORIGIN, 'sec-fetch-site': 'same-site' },
      { origin: ORIGIN, 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[])
      expect([headers, await post(headers)]).toEqual([headers, 403])
  })

  it('reads for our own pages and for programs, not for links and pages elsewhere', async () => {
    for (const headers of [
      {},
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-origin', origin: ORIGIN },
    ])
      expect(await get(headers as Record<string, string>)).toBe(200)
    const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    for (const headers of [{ 'sec-fetch-site': 'cross-site', ...link }, { 'sec-fetch-site': 'same-site' }])
      expect(await get(headers as Record<string, string>)).toBe(403)
  })

  it('opens a page to which a link elsewhere leads', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    const page = (headers: Record<string, string>) =>
      admitReader(
        webRequest(new Request(`${ORIGIN}/prompts`, { headers: { host: HOST, ...COOKIE, ...headers } })),
      )
    await expect(page(link)).resolves.toBeUndefined()
    await expect(page({ ...link, 'sec-fetch-dest': 'iframe' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(page({ ...link, cookie: '' })).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is of no use beside what is open to everybody, either', () => {
    const request = (headers: Record<string, string>): HttpRequest =>
      webRequest(
        new Request(`${ORIGIN}/api/auth/sign-out`, {
          method: 'POST',
          headers: { host: HOST, ...COOKIE, ...headers },
        }),
      )
    expect(() => admitUnknown(request({ origin: ORIGIN }), { mayNavigate: false })).not.toThrow()
    expect(() => admitUnknown(request({}), { mayNavigate: false })).toThrow(/pages of this server/)
  })
})

const mcp = mcpProtocol(streamableHttp)
const rpc = (method: string, params: object = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })

function askMcp(headers: Record<string, string>, body = rpc('ping')) {
  const accept = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }
  const sent = { ...accept, 'content-length': String(body.length), ...headers }
  return ask({ method: 'POST', path: '/api/mcp', headers: sent, body, protocol: mcp })
}

describe('MCP', () => {
  const METADATA = `resource_metadata="${ORIGIN}/.well-known/oauth-protected-resource/api/mcp"`

  it('tells whoever brings nothing where a token is to be had, before it reads a body', async () => {
    for (const headers of [{}, COOKIE, { authorization: `Basic ${btoa('inc_good:')}` }]) {
      const answer = await askMcp(headers as Record<string, string>)
      expect(answer).toMatchObject({ status: 401, isBodyRead: false })
      expect(answer.headers['www-authenticate']).toBe(`Bearer ${METADATA}, scope="prompts:read"`)
    }
    const wrong = await askMcp({ authorization: 'Bearer bad' })
    expect(wrong.headers['www-authenticate']).toBe(
      `Bearer error="invalid_token", ${METADATA}, scope="prompts:read"`,
    )
  })

  it('takes keys and tokens', async () => {
    for (const headers of [KEY, { authorization: 'Bearer good' }])
      expect(await askMcp(headers)).toMatchObject({ status: 200, isBodyRead: true })
  })

  it.each([
    ['prompts:write', rpc('tools/call', { name: 'create_prompt_template', arguments: {} })],
    ['generations:run', rpc('tools/call', { name: 'generate', arguments: {} })],
  ])('answers 403 and names %s where a key has too little', async (scope, body) => {
    const answer = await askMcp(KEY, body)
    expect(answer.status).toBe(403)
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer error="insufficient_scope", ${METADATA}, scope="${scope}"`,
    )
    expect(JSON.parse(bodyText(answer.body))).toMatchObject({ error: { data: { required_scope: scope } } })
  })

  it('asks for prompts:read before any method', async () => {
    install({ scopes: ['usage:read'] })
    for (const method of [
      'prompts/list',
      'prompts/get',
      'tools/list',
      'resources/read',
      'completion/complete',
    ])
      expect((await askMcp(KEY, rpc(method))).status).toBe(403)
    expect((await askMcp(KEY)).status).toBe(200)
  })

  it('and REST refuse a key or token whose person has no second factor and must, and say what to do', async () => {
    install({ scopes: [], must: 'second_factor' })
    const refused = { status: 403, isBodyRead: false }
    for (const headers of [KEY, { authorization: 'Bearer good' }]) {
      const answer = await askMcp(headers, rpc('prompts/list'))
      expect(answer).toMatchObject(refused)
      // Nobody is sent to ask for more: the credential is right.
      expect(answer.headers).not.toHaveProperty('www-authenticate')
      expect(JSON.parse(bodyText(answer.body))).toMatchObject({
        error: {
          message: expect.stringContaining('set up'),
          data: { code: 'forbidden', must: ['second_factor'] },
        },
      })
    }
    const answer = await ask({ headers: KEY, method: 'POST', body: '{}' })
    expect(answer).toMatchObject(refused)
    expect(saidBy(answer)).toMatch(/under Account; then the key works again/)
    // A session is led to where one is set up.
    expect(await statusOf({ headers: COOKIE })).toBe(200)
  })

  it('names no place for tokens where there are none: at an address without TLS', async () => {
    install({ environment: { INCIPIT_URL: `http://${HOST}`, INCIPIT_SECURITY_ALLOW_HTTP: 'true' } })
    expect((await askMcp({})).headers['www-authenticate']).toBe('Bearer')
  })
})

describe('who comes too often', () => {
  // What was taken comes back with time, of which a slow machine needs more.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  const LIMITED = { 'retry-after': expect.any(String), ratelimit: expect.any(String) }

  it('without a credential is told when to come back, while a key from the same address is served', async () => {
    for (let n = 0; n < 20; n++) expect(await statusOf({})).toBe(401)
    expect(await ask()).toMatchObject({
      status: 429,
      headers: {
        'retry-after': '1',
        ratelimit: '"unknown";r=0;t=1',
        'ratelimit-policy': '"unknown";q=20;w=1',
      },
    })
    expect(await statusOf({ headers: KEY })).toBe(200)
  })

  it('guesses keys slowly', async () => {
    install({ environment: { INCIPIT_LIMITS_UNKNOWN_PER_SECOND: '0' } })
    const guess = { headers: { authorization: 'Bearer inc_bad' } }
    for (let n = 0; n < 30; n++) expect(await statusOf(guess)).toBe(401)
    expect(await ask(guess)).toMatchObject({ status: 429, headers: LIMITED })
    expect(await statusOf({ headers: KEY })).toBe(200)
    // A session that has ended is no guess.
    expect(await statusOf({ headers: { cookie: '__Host-incipit=bad' } })).toBe(401)
  })

  it('with a key is bounded by limits.requests_per_second', async () => {
    install({ environment: { INCIPIT_LIMITS_REQUESTS_PER_SECOND: '3' } })
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push(await statusOf({ headers: KEY }))
    expect(statuses).toEqual([200, 200, 200, 429])
    expect((await askMcp(KEY)).headers).toMatchObject(LIMITED)
  })

  it('with a batch is counted by its messages', async () => {
    install({ environment: { INCIPIT_LIMITS_REQUESTS_PER_SECOND: '5' } })
    const batch = (length: number) => `[${Array.from({ length }, () => rpc('ping')).join(',')}]`
    const old = { ...KEY, 'mcp-protocol-version': '2025-03-26' }
    expect((await askMcp(old, batch(4))).status).toBe(200)
    expect((await askMcp(old, batch(4))).status).toBe(429)
  })
})

describe('without accounts', () => {
  const forwarded: Record<string, string>[] = [
    { forwarded: 'for=203.0.113.9' },
    { via: '1.1 nginx' },
    { 'x-forwarded-for': '203.0.113.9' },
    { 'x-forwarded-user': 'ada' },
  ]

  it.each(forwarded)('what came through a proxy is not from this machine: %o', async (headers) => {
    install({ hasAccounts: false, environment: { INCIPIT_URL: '' } })
    const local = { host: 'localhost:3000' }
    expect(await statusOf({ headers: local })).toBe(200)
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await ask({ method, headers: { ...local, ...headers } })
      expect(answer.status).toBe(403)
      expect(saidBy(answer)).toContain('Create the owner account')
    }
  })

  it('nothing is served at a public address but the set-up', async () => {
    install({ hasAccounts: false })
    for (const headers of [{}, KEY, COOKIE] as Record<string, string>[]) {
      const answer = await ask({ headers })
      expect(answer.status).toBe(401)
      expect(saidBy(answer)).toContain('not set up yet')
    }
    expect(await statusOf({ path: '/api/openapi.json' })).toBe(401)
    const auth = (path: string) => () =>
      admitUnknown(webRequest(new Request(ORIGIN + path, { headers: { host: HOST } })), {
        mayNavigate: false,
      })
    expect(auth('/api/auth/set-up')).not.toThrow()
    expect(auth('/api/auth/sign-in/email')).toThrow(/not set up yet/)
  })

  it('everybody is the owner where the operator wants it', async () => {
    install({ hasAccounts: false, environment: { INCIPIT_SECURITY_ALLOW_OPEN: 'true' } })
    for (const headers of [{}, ...forwarded])
      expect(await ask({ headers })).toMatchObject({ status: 200, body: 'a' })
  })
})
