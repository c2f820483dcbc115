import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { loadConfig } from '../config/load.ts'
import { contract, endpoint } from '../contract.ts'
import { onPrimary } from '../db/read.ts'
import { bodyText } from '../door/message.ts'
import { pass } from '../door/pass.ts'
import { addRequestMetrics } from '../door/request-metrics.ts'
import { webRequest } from '../door/web.ts'
import { appError } from '../errors.ts'
import { metrics } from '../metrics.ts'
import { createRuntime, getRuntime, setRuntime } from '../runtime.ts'
import { signInLocally } from '../testing/runtime.ts'
import { restProtocol } from './handle.ts'
import { NOTHING, resource } from './resource.ts'

const Thing = z.object({ id: z.string(), etag: z.string() })
const readThing = contract({
  id: 'readThing',
  method: 'GET',
  path: '/api/things/{id}',
  tag: 'Things',
  summary: 'Read a thing',
  params: z.strictObject({ id: z.string().max(20) }),
  query: z.strictObject({ part: z.enum(['a', 'b']).optional() }),
  output: Thing,
  status: 200,
  errors: ['not_found'],
  etag: true,
})
const makeThing = contract({
  id: 'makeThing',
  method: 'POST',
  path: '/api/things/{id}',
  tag: 'Things',
  summary: 'Make a thing',
  params: z.strictObject({ id: z.string() }),
  body: z.strictObject({ size: z.number().int(), labels: z.array(z.string()).optional() }),
  output: Thing,
  status: 201,
  errors: ['conflict'],
  etag: true,
  idempotent: true,
  location: (thing) => `/api/things/${thing.id}`,
})
const dropThing = contract({
  id: 'dropThing',
  method: 'DELETE',
  path: '/api/things/{id}',
  tag: 'Things',
  summary: 'Drop a thing',
  params: z.strictObject({ id: z.string() }),
  status: 204,
  errors: [],
  ifMatch: true,
})

const seen: { actor: Actor; input: unknown }[] = []
const answerThing = async (actor: Actor, input: { id: string }) => {
  seen.push({ actor, input })
  return { id: input.id, etag: '"e1"' }
}
let operation = answerThing
const things = () =>
  resource([
    endpoint(readThing, operation, null),
    endpoint(makeThing, operation, null),
    endpoint(dropThing, async (actor, input) => void seen.push({ actor, input }), null),
  ])

beforeEach(() => {
  operation = answerThing
  seen.length = 0
  const config = loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')
  config.security.cors_origins.push('https://tools.example')
  config.limits.body_bytes = 200
  setRuntime(createRuntime(config))
  signInLocally({ workspaceId: 'w', ownerId: 'o', systemId: 's' })
})
afterEach(() => setRuntime(undefined))

const JSON_TYPE = { 'content-type': 'application/json' }

async function call(
  method: string,
  url: string,
  init: { headers?: Record<string, string>; body?: string } = {},
) {
  const headers: Record<string, string> = { host: 'localhost:3000', ...init.headers }
  if (init.body !== undefined) headers['content-length'] ??= String(Buffer.byteLength(init.body))
  const request = new Request(`http://localhost:3000${url}`, { method, headers, body: init.body ?? null })
  const answer = await pass(restProtocol(things()), {
    ...webRequest(request),
    header: (name) => headers[name],
  })
  const json: unknown = answer.body === '' ? undefined : JSON.parse(bodyText(answer.body))
  return { ...answer, json }
}

describe('a successful answer', () => {
  it('carries the output, its ETag and a request id', async () => {
    const answer = await call('GET', '/api/things/a%20b?part=a')
    expect(answer).toMatchObject({ status: 200, json: { id: 'a b' } })
    expect(answer.headers).toMatchObject({ etag: '"e1"', 'content-type': 'application/json' })
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(seen[0]?.input).toEqual({ id: 'a b', part: 'a' })
  })

  it('keeps a sane request id of the caller and replaces another', async () => {
    const id = async (given: string) =>
      (await call('GET', '/api/things/a', { headers: { 'x-request-id': given } })).headers['x-request-id']
    expect(await id('caller-0815')).toBe('caller-0815')
    expect(await id('a b\tc<script>')).not.toContain('script')
    expect(await id('x'.repeat(200))).toHaveLength(36)
  })

  it.each(['"e1"', 'W/"e1"', '"e0", "e1"', '*'])('is 304 for If-None-Match: %s', async (tag) => {
    const answer = await call('GET', '/api/things/a', { headers: { 'if-none-match': tag } })
    expect(answer).toMatchObject({ status: 304, body: '', headers: { etag: '"e1"' } })
  })

  it('of a creation carries Location and revision', async () => {
    operation = async (actor, input) => {
      actor.request.outcome.revision = 7
      return answerThing(actor, input)
    }
    const answer = await call('POST', '/api/things/a', { headers: JSON_TYPE, body: '{"size": 1}' })
    expect(answer.status).toBe(201)
    expect(answer.headers).toMatchObject({ location: '/api/things/a', 'incipit-revision': '7' })
  })

  it('says how old it is while the database is away', async () => {
    getRuntime().database.availability.report(false)
    const { headers } = await call('GET', '/api/things/a')
    expect(headers).toMatchObject({ 'incipit-stale': '1', age: '1' })
  })
})

describe('the request context', () => {
  it('knows our own pages, the client and its Idempotency-Key', async () => {
    const agent = 'Mozilla/5.0 (X11) AppleWebKit/537 (KHTML, like Gecko) Chrome/148.0 Safari/537'
    const headers = {
      ...JSON_TYPE,
      'idempotency-key': 'k-1',
      'user-agent': agent,
      'sec-fetch-site': 'same-origin',
    }
    await call('POST', '/api/things/a', { headers, body: '{"size": 1}' })
    expect(seen[0]?.actor.request).toMatchObject({
      surface: 'browser',
      client: { name: 'Chrome', version: '148.0' },
      idempotency: { route: 'POST /api/things/a', key: 'k-1' },
    })
    await call('GET', '/api/things/a', { headers: { 'user-agent': 'curl/8.1 extra' } })
    expect(seen[1]?.actor.request).toMatchObject({
      surface: 'rest',
      client: { name: 'curl', version: '8.1' },
    })
    expect(seen[1]?.actor.request.idempotency).toBeUndefined()
  })

  it('waits for the revision that a read names, and asks without it after a while', async () => {
    const waitFor = vi.spyOn(getRuntime().feed, 'waitFor').mockResolvedValue(false)
    const answer = await call('GET', '/api/things/a', { headers: { 'incipit-revision': '12' } })
    expect(answer.status).toBe(200)
    expect(waitFor).toHaveBeenCalledExactlyOnceWith('w', 12, getRuntime().config.database.revision_wait_ms)
    expect(seen[0]?.actor.request.revision).toBe(12)
  })
})

describe('a refusal', () => {
  it.each([
    ['unknown query parameter', '/api/things/a?nope=1', 'query', ['nope']],
    ['wrong query parameter', '/api/things/a?part=c', 'query', ['part']],
    ['repeated query parameter', '/api/things/a?part=a&part=b', 'query', ['part']],
    ['prototype as a parameter', '/api/things/a?__proto__=1', 'query', ['__proto__']],
    ['wrong path parameter', `/api/things/${'a'.repeat(21)}`, 'path', ['id']],
  ])('names the %s', async (_, url, place, path) => {
    const answer = await call('GET', url)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer).toMatchObject({
      status: 400,
      json: {
        code: 'invalid_input',
        status: 400,
        instance: url.split('?')[0],
        errors: [{ in: place, path }],
      },
    })
  })

  it('names every wrong field of a body with its pointer', async () => {
    const body = '{"size": "x", "labels": ["a", 1], "id": "b"}'
    const { json } = await call('POST', '/api/things/a?nope=1', { headers: JSON_TYPE, body })
    expect(json).toMatchObject({
      errors: [
        { in: 'query', path: ['nope'] },
        { pointer: '#/size', code: 'invalid_type' },
        { pointer: '#/labels/1', code: 'invalid_type' },
        { pointer: '#/id', code: 'unrecognized_keys' },
      ],
    })
  })

  it.each([
    ['malformed JSON', '{"size": }', 400],
    ['a repeated key', '{"size": 1, "size": 2}', 400],
    ['no object', '[1]', 400],
    ['too large', JSON.stringify({ size: 1, labels: ['x'.repeat(300)] }), 413],
  ])('of a body: %s', async (_, body, status) => {
    expect(await call('POST', '/api/things/a', { headers: JSON_TYPE, body })).toMatchObject({ status })
    expect(seen).toEqual([])
  })

  it.each([
    [{}, 403, 'Host'],
    [{ host: 'evil.example' }, 403, 'Host'],
    [{ host: 'localhost', ...JSON_TYPE, origin: 'https://evil.example' }, 403, 'Origin'],
    [{ host: 'localhost', 'content-type': 'text/plain' }, 415, 'Content-Type'],
    [{ host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' }, 415, 'Content-Type'],
    [{ host: 'localhost', 'content-type': 'application/json; charset=utf-16' }, 415, 'Content-Type'],
    [{ host: 'localhost' }, 415, 'Content-Type'],
    [{ host: 'localhost', ...JSON_TYPE, 'content-encoding': 'gzip' }, 415, 'Content-Encoding'],
    [{ host: 'localhost', ...JSON_TYPE, 'idempotency-key': 'a b' }, 400, 'Idempotency-Key'],
    [{ host: 'localhost', ...JSON_TYPE, 'incipit-revision': '-1' }, 400, 'Incipit-Revision'],
  ])('of headers %o is %i', async (headers, status, name) => {
    const body = '{"size": 1}'
    const answer = await call('POST', '/api/things/a', { headers: { host: '', ...headers }, body })
    expect(answer).toMatchObject({ status, json: { errors: [{ in: 'header', path: [name] }] } })
    expect(seen).toEqual([])
  })

  it('asks for If-Match, and for one that can match', async () => {
    const drop = (headers = {}) => call('DELETE', '/api/things/a', { headers })
    expect(await drop()).toMatchObject({ status: 428, json: { errors: [{ path: ['If-Match'] }] } })
    expect((await drop({ 'if-match': 'e1' })).status).toBe(400)
    expect((await drop({ 'if-match': 'W/"e1"' })).status).toBe(204)
    expect(seen[0]?.input).toEqual({ id: 'a', if_match: '"e1"' })
  })

  it('of a method names the others', async () => {
    const answer = await call('PUT', '/api/things/a')
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, POST, DELETE, HEAD, OPTIONS' } })
    expect((await call('HEAD', '/api/things/a')).status).toBe(200)
    expect((await call('OPTIONS', '/api/things/a')).headers.allow).toContain('DELETE')
  })

  it('by an operation carries its code, details and extra members', async () => {
    operation = async () => {
      throw appError('conflict', 'There is one already.', {
        details: [{ path: ['labels', 0, 'a/b'], code: 'taken', message: 'is taken', hint: 'Take another.' }],
        extra: { current_etag: '"e2"' },
        retryAfter: 1.2,
      })
    }
    const answer = await call('POST', '/api/things/a', { headers: JSON_TYPE, body: '{"size": 1}' })
    expect(answer.headers['retry-after']).toBe('2')
    expect(answer.json).toMatchObject({
      type: 'urn:incipit:problem:conflict',
      title: 'Conflict',
      status: 409,
      detail: 'There is one already.',
      current_etag: '"e2"',
      request_id: answer.headers['x-request-id'],
      errors: [{ in: 'body', pointer: '#/labels/0/a~1b', code: 'taken', hint: 'Take another.' }],
    })
  })

  it('for an unknown error keeps its message to the log', async () => {
    const error = vi.spyOn(getRuntime().log, 'error')
    operation = async () => {
      throw new Error('password=hunter2')
    }
    const answer = await call('GET', '/api/things/a')
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('hunter2')
    const logged = expect.objectContaining({ request_id: answer.headers['x-request-id'] })
    expect(error).toHaveBeenCalledWith(logged, expect.any(String))
  })

  it('is 503 as soon as the database is known to be away', async () => {
    const started = Promise.withResolvers<void>()
    operation = () =>
      onPrimary(() => {
        started.resolve()
        return new Promise(() => undefined)
      })
    const answer = call('GET', '/api/things/a')
    await started.promise
    getRuntime().database.availability.report(false)
    expect(await answer).toMatchObject({ status: 503, headers: { 'retry-after': '2' } })
  })
})

describe('other origins', () => {
  it('may read an answer when they are configured', async () => {
    const headers = { origin: 'https://tools.example' }
    const answer = await call('GET', '/api/things/a', { headers })
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://tools.example',
      vary: 'Origin',
    })
    const foreign = await call('GET', '/api/things/a', { headers: { origin: 'https://evil.example' } })
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('may change something when they are configured, after a preflight', async () => {
    const headers = { origin: 'https://tools.example', 'access-control-request-method': 'POST' }
    const preflight = await call('OPTIONS', '/api/things/a', { headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-methods']).toContain('POST')
    expect(preflight.headers['access-control-allow-headers']).toContain('If-Match')
    const change = await call('POST', '/api/things/a', {
      headers: { ...JSON_TYPE, ...headers },
      body: '{"size":1}',
    })
    expect(change.status).toBe(201)
    const refused = await call('OPTIONS', '/api/things/a', {
      headers: { ...headers, origin: 'https://evil.example' },
    })
    expect(refused.headers['access-control-allow-methods']).toBeUndefined()
  })
})

describe('a path with nothing behind it', () => {
  it('is a 404 problem for every method', async () => {
    const request = new Request('http://localhost:3000/api/nothing', { headers: { host: 'localhost' } })
    const answer = await pass(restProtocol(NOTHING), {
      ...webRequest(request),
      header: (name) => (name === 'host' ? 'localhost' : undefined),
    })
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'application/problem+json' } })
  })
})

describe('/metrics', () => {
  it('counts and times each request by its route and status, never by what a caller wrote', async () => {
    await call('GET', '/api/things/one')
    await call('GET', '/api/things/two')
    await call('GET', '/api/things/one?part=c')
    await call('PUT', '/api/things/one')
    addRequestMetrics()
    const counted = (await metrics().expose())
      .split('\n')
      .filter((line) => /^incipit_requests_total|_count/.test(line))
    expect(counted).toEqual([
      'incipit_requests_total{door="rest",route="GET /api/things/{id}",outcome="200",status="2xx"} 2',
      'incipit_requests_total{door="rest",route="GET /api/things/{id}",outcome="400",status="4xx"} 1',
      'incipit_requests_total{door="rest",route="none",outcome="405",status="4xx"} 1',
      'incipit_request_seconds_count{door="rest",route="GET /api/things/{id}",outcome="200",status="2xx"} 2',
      'incipit_request_seconds_count{door="rest",route="GET /api/things/{id}",outcome="400",status="4xx"} 1',
      'incipit_request_seconds_count{door="rest",route="none",outcome="405",status="4xx"} 1',
    ])
  })
})
