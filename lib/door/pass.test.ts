import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setCredentialResolver } from '../access/credentials.ts'
import { localOwner, REST_TAKES } from '../access/identify.ts'
import { loadConfig } from '../config/load.ts'
import { metrics } from '../metrics.ts'
import { createRuntime, getRuntime, setRuntime } from '../runtime.ts'
import { signInLocally } from '../testing/runtime.ts'
import { admit } from './admit.ts'
import type { AdmittedRequest, HttpAnswer } from './message.ts'
import { type Protocol, pass } from './pass.ts'
import { problemAnswer } from './problem.ts'
import { addRequestMetrics } from './request-metrics.ts'
import { webRequest } from './web.ts'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const OWNER = { workspaceId: 'w', ownerId: 'o', systemId: 's' }

let lines: { level: string; fields: Record<string, unknown> }[] = []
let heard: AdmittedRequest[] = []
let reply: (request: AdmittedRequest) => HttpAnswer | Promise<HttpAnswer>

beforeEach(() => {
  lines = []
  heard = []
  reply = () => ({ status: 200, headers: {}, body: 'yes' })
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')))
  const { log } = getRuntime()
  vi.spyOn(log, 'isLevelEnabled').mockReturnValue(true)
  for (const level of ['info', 'error'] as const)
    vi.spyOn(log, level).mockImplementation((fields: unknown) => {
      lines.push({ level, fields: { ...(fields as object) } })
    })
})
afterEach(() => setRuntime(undefined))

const signIn = () => signInLocally(OWNER)
const keyEnding = (expiresAt: number) => ({ kind: 'key', id: 'k', personActorId: null, expiresAt }) as const

const protocol: Protocol<AdmittedRequest> = {
  name: 'rest',
  allow: 'GET',
  preflight: 'X-Known',
  async admit(request) {
    request.record.route = '/api/things/{id}'
    return admit(request, { mayNavigate: false, takes: REST_TAKES })
  },
  answer(request) {
    heard.push(request)
    return reply(request)
  },
  refuse: problemAnswer,
}

function ask(headers: Record<string, string> = {}, method = 'GET') {
  const request = new Request('http://localhost/api/things/secret?key=secret', {
    method,
    headers: { host: 'localhost', ...headers },
  })
  return pass(protocol, webRequest(request))
}

describe('a request at the door', () => {
  it('is answered for nobody until it is known who asks', async () => {
    expect(await ask()).toMatchObject({ status: 503 })
    expect(heard).toEqual([])
    signIn()
    expect(await ask()).toMatchObject({ status: 200, body: 'yes' })
    expect(heard[0]?.record.identity).toMatchObject({ id: 'o', role: 'owner' })
  })

  it.each([
    ['a foreign host', { host: 'evil.example' }],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['a page elsewhere', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused for %s before anybody is asked', async (_, headers) => {
    expect(await ask(headers)).toMatchObject({ status: 403 })
    expect(heard).toEqual([])
  })

  it('asks for the host even of what nobody has to be known for', async () => {
    const refused = await ask({ host: 'evil.example', origin: 'http://evil.example' }, 'OPTIONS')
    expect(refused.status).toBe(403)
    expect(await ask({}, 'OPTIONS')).toMatchObject({ status: 204, headers: { allow: 'GET' } })
  })

  it('lets pages of configured origins read the answers of a protocol that says so, alone', async () => {
    signIn()
    getRuntime().config.security.cors_origins.push('https://tools.example')
    const origin = { origin: 'https://tools.example' }
    expect((await ask(origin)).headers).not.toHaveProperty('access-control-allow-origin')
    const request = new Request('http://localhost/', { headers: { host: 'localhost', ...origin } })
    const answer = await pass({ ...protocol, hasCors: true }, webRequest(request))
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'https://tools.example' })
  })

  it('is told with its answer that its key expires soon', async () => {
    signIn()
    setCredentialResolver('key', {
      identify: (key) =>
        Promise.resolve({ ...localOwner(OWNER), credential: keyEnding(Number(key.slice(4))) }),
      current: (identity) => Promise.resolve(identity),
    })
    const state: { hasAccounts?: boolean } = getRuntime().once('access.state', () => ({}))
    state.hasAccounts = true
    const day = 86_400_000
    const told = async (left: number) => {
      const end = Date.now() + left
      const { headers } = await ask({ authorization: `Bearer inc_${end}` })
      return headers['incipit-key-expires'] === new Date(end).toISOString()
    }
    const { key_notice_days: days } = getRuntime().config.security
    expect([await told((days - 1) * day), await told((days + 1) * day)]).toEqual([true, false])
    reply = () => Promise.reject(new Error('hidden'))
    expect(await told(day)).toBe(true)
  })

  it('answers a failure that nobody foresaw without its message', async () => {
    signIn()
    reply = () => Promise.reject(new Error('hidden'))
    const answer = await ask()
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('hidden')
    expect(lines).toMatchObject([{ level: 'error', fields: { status: 500, err: new Error('hidden') } }])
  })

  it('is refused past limits.requests_per_second, and served again a moment later', async () => {
    signIn()
    getRuntime().config.limits.requests_per_second = 2
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000)
    const statuses = [(await ask()).status, (await ask()).status, (await ask()).status]
    expect(statuses).toEqual([200, 200, 429])
    clock.mockReturnValue(1600)
    expect((await ask()).status).toBe(200)
    clock.mockRestore()
  })
})

describe('the line in the log', () => {
  it('tells who asked what, how it ended, and of which trace it is part', async () => {
    signIn()
    reply = (request) => {
      request.record.client = { name: 'agent', version: '1' }
      return { status: 404, headers: {}, body: '' }
    }
    await ask({ 'x-request-id': 'request-1', traceparent: TRACE })
    expect(lines).toEqual([
      {
        level: 'info',
        fields: {
          request_id: 'request-1',
          method: 'GET',
          route: '/api/things/{id}',
          status: 404,
          duration_ms: expect.any(Number),
          actor: 'o',
          client: 'agent/1',
          trace_id: '0af7651916cd43dd8448eb211c80319c',
        },
      },
    ])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  it.each([
    [1, 6],
    [3, 2],
    [0, 0],
  ])('logging.hot_reads %i: of six hot reads %i have one', async (every, expected) => {
    signIn()
    getRuntime().config.logging.hot_reads = every
    reply = (request) => {
      request.record.isHot = true
      return { status: 200, headers: {}, body: '' }
    }
    for (let n = 0; n < 6; n++) await ask()
    expect(lines).toHaveLength(expected)
  })

  it('of a probe that says no is that of an answer, not of a failure', async () => {
    const told = { status: 503, headers: {}, body: '' }
    const probe: Protocol = { ...protocol, name: 'probe', admit: (request) => request, answer: () => told }
    getRuntime().config.logging.hot_reads = 1
    await pass(probe, webRequest(new Request('http://localhost/health/ready')))
    expect(lines).toMatchObject([{ level: 'info', fields: { status: 503 } }])
  })

  it('is never left out for a hot read that fails', async () => {
    signIn()
    getRuntime().config.logging.hot_reads = 0
    reply = (request) => {
      request.record.isHot = true
      return { status: 200, headers: {}, body: '' }
    }
    await ask()
    reply = (request) => {
      Object.assign(request.record, { isHot: true, outcome: 'tool_error' })
      return { status: 200, headers: {}, body: '' }
    }
    await ask()
    expect(lines).toMatchObject([{ fields: { outcome: 'tool_error' } }])
  })
})

it.each([
  [TRACE, TRACE],
  ['00-00000000000000000000000000000000-b7ad6b7169203331-01', undefined],
  [`${TRACE}-more`, undefined],
  [`01${TRACE.slice(2)}-more`, TRACE],
  [`ff${TRACE.slice(2)}`, undefined],
  ['no trace', undefined],
])('of the traceparent %s it carries on %s', async (given, expected) => {
  signIn()
  await ask({ traceparent: given })
  expect(heard[0]?.record.trace).toBe(expected)
})

it('counts every answer by its door, route and outcome', async () => {
  signIn()
  await ask()
  await ask({ host: 'evil.example' })
  addRequestMetrics()
  const text = await metrics().expose()
  expect(text).toContain(
    'incipit_requests_total{door="rest",route="GET /api/things/{id}",outcome="200",status="2xx"} 1',
  )
  expect(text).toMatch(/incipit_requests_total\{door="rest",route="[^"]*",outcome="403",status="4xx"\} 1/)
})
