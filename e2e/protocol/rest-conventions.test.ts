import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, ProblemError } from '#lib/rest/client.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { exchange, type Received, type Sent } from './exchange.ts'

/** What holds for every path: conditional changes, safe retries, revisions, compression, origins. */

const P = '/api/prompts'
const ORIGIN = 'https://tools.example'

let app: RunningApp
let other: RunningApp

beforeAll(async () => {
  app = await startApp({ config: { security: { cors_origins: [ORIGIN] } } })
  other = await startApp({ database: app.databaseUrl ?? 'own' })
})
afterAll(async () => {
  await other.stop()
  await app.stop()
})

const send = (sent: Sent, to: { url: string } = app) => exchange(to, sent)
const get = (path: string, headers: Record<string, string> = {}) => send({ method: 'GET', path, headers })

async function create(name: string, headers: Record<string, string> = {}): Promise<Received> {
  return send({ method: 'POST', path: P, body: { name, template_content: 'Hello {{ who }}' }, headers })
}

const countBy = (answers: Received[]): Record<string, number> => {
  const groups = Object.groupBy(answers, ({ status }) => String(status))
  return Object.fromEntries(Object.entries(groups).map(([status, same]) => [status, same?.length ?? 0]))
}

describe('case 23: fifty edits with one If-Match', () => {
  it('are one success and forty-nine 412', async () => {
    const { headers } = await create('contended')
    const edit = (number: number) =>
      send(
        {
          method: 'PATCH',
          path: `${P}/contended`,
          body: { tags: [`edit ${number}`] },
          headers: { 'if-match': headers.etag ?? '' },
        },
        number % 2 === 0 ? app : other,
      )
    const answers = await Promise.all(Array.from({ length: 50 }, (_, number) => edit(number)))
    expect(countBy(answers)).toEqual({ 200: 1, 412: 49 })
    const winner = answers.findIndex(({ status }) => status === 200)
    const { json } = await get(`${P}/contended`, {
      'incipit-revision': answers[winner]?.headers['incipit-revision'] ?? '',
    })
    expect(json).toMatchObject({ tags: [`edit ${winner}`] })
  })

  it('make one version of fifty', async () => {
    const { headers } = await create('versioned')
    const make = (number: number) =>
      send(
        {
          method: 'POST',
          path: `${P}/versioned/versions`,
          body: { template_content: `Edit ${number}` },
          headers: { 'if-match': headers.etag ?? '' },
        },
        number % 2 === 0 ? app : other,
      )
    const answers = await Promise.all(Array.from({ length: 50 }, (_, number) => make(number)))
    expect(countBy(answers)).toEqual({ 201: 1, 412: 49 })
  })
})

describe('case 24: an Idempotency-Key', () => {
  const keyed = (key: string) => ({ 'idempotency-key': key })

  it('replays the same answer, on another instance too', async () => {
    const first = await create('kept', keyed('kept-1'))
    expect(first.status).toBe(201)
    const body = { name: 'kept', template_content: 'Hello {{ who }}' }
    for (const to of [app, other]) {
      const again = await send({ method: 'POST', path: P, body, headers: keyed('kept-1') }, to)
      expect(again).toMatchObject({ status: 201, text: first.text })
      expect(again.headers).toMatchObject({
        'idempotency-replayed': 'true',
        location: first.headers.location,
        etag: first.headers.etag,
      })
    }
  })

  it('refuses another body with 422', async () => {
    await create('first_body', keyed('body-1'))
    expect(await create('second_body', keyed('body-1'))).toMatchObject({
      status: 422,
      json: { errors: [{ in: 'header', path: ['Idempotency-Key'] }] },
    })
  })

  it('belongs to its path', async () => {
    await create('path_a', keyed('path-1'))
    const copy = (name: string) =>
      send({ method: 'POST', path: `${P}/${name}/duplicate`, body: {}, headers: keyed('path-1') })
    expect((await copy('path_a')).status).toBe(201)
    expect((await copy('zero_shot')).json).toMatchObject({ name: 'zero_shot-copy' })
  })

  it('keeps no failure', async () => {
    const bad = { name: 'mended', template_content: '{{ a' }
    const post = (body: object) => send({ method: 'POST', path: P, body, headers: keyed('mended-1') })
    expect((await post(bad)).status).toBe(422)
    expect((await post({ ...bad, template_content: '{{ a }}' })).status).toBe(201)
  })

  it('sent twenty times at once makes one prompt: 201 or 409', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        send(
          {
            method: 'POST',
            path: `${P}/zero_shot/duplicate`,
            body: {},
            headers: keyed('at-once'),
          },
          number % 2 === 0 ? app : other,
        ),
      ),
    )
    const made = answers.filter(({ status }) => status === 201)
    expect(made.length).toBeGreaterThan(0)
    expect(new Set(made.map(({ text }) => text)).size).toBe(1)
    for (const { status, headers } of answers.filter((each) => each.status !== 201))
      expect({ status, retry: headers['retry-after'] }).toEqual({ status: 409, retry: '1' })
  })
})

describe('a revision', () => {
  it('that a change answered makes a read on another instance wait for it', async () => {
    let etag = (await create('followed')).headers.etag ?? ''
    for (let round = 0; round < 20; round++) {
      const changed = await send({
        method: 'PATCH',
        path: `${P}/followed`,
        body: { tags: [`round ${round}`] },
        headers: { 'if-match': etag },
      })
      etag = changed.headers.etag ?? ''
      const headers = { 'incipit-revision': changed.headers['incipit-revision'] ?? '' }
      const read = await send({ method: 'GET', path: `${P}/followed`, headers }, other)
      expect(read.headers.etag).toBe(etag)
    }
  })

  it('from the future costs half a second, no more', async () => {
    const started = performance.now()
    expect((await get(`${P}/zero_shot`, { 'incipit-revision': '999999999' })).status).toBe(200)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

/** Each render has one of its own. */
const withoutReceipt = (text: string) => text.replace(/"receipt":"[\w-]+"/, '')

describe('a render before the router', () => {
  const render = '/api/prompts/zero_shot/render'
  /** The same path written so that the production server leaves it to the route file. */
  const routed = '/api/prompts/%7Aero_shot/render'
  const json = { 'content-type': 'application/json' }
  const values = {
    task_description: 'Sort a list',
    context: 'a "quoted" <text> & more',
    expected_output: 'ä',
  }
  const query = new URLSearchParams(values).toString()

  it.each<[string, Omit<Sent, 'path'>, string]>([
    ['by query', { method: 'GET' }, `?${query}`],
    ['with a label and a version', { method: 'GET' }, `?${query}&_version=1`],
    ['without its variables', { method: 'GET' }, ''],
    ['with unknown variables', { method: 'GET' }, `?${query}&other=1&more=2`],
    ['with a bad selector', { method: 'GET' }, `?${query}&_version=x`],
    ['by body', { method: 'POST', body: { variables: values } }, ''],
    ['with a selector', { method: 'POST', body: { variables: values, label: 'production' } }, ''],
    ['with both selectors', { method: 'POST', body: { label: 'production', version: 1 } }, ''],
    ['of a version that is not', { method: 'POST', body: { variables: values, version: 9 } }, ''],
    ['with unknown members', { method: 'POST', body: { values } }, ''],
    ['with malformed JSON', { method: 'POST', body: '{', headers: json }, ''],
    ['with a text', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }, ''],
    [
      'from elsewhere',
      { method: 'POST', body: {}, headers: { ...json, origin: 'https://evil.example' } },
      '',
    ],
    [
      'from a configured origin',
      { method: 'POST', body: { variables: values }, headers: { ...json, origin: ORIGIN } },
      '',
    ],
    ['with a bad header', { method: 'GET', headers: { 'incipit-revision': 'x' } }, `?${query}`],
  ])('%s answers what the route answers', async (_, sent, search) => {
    const headers = { 'x-request-id': 'same-request', ...sent.headers }
    const hot = await send({ ...sent, headers, path: `${render}${search}` })
    const slow = await send({ ...sent, headers, path: `${routed}${search}` })
    expect(withoutReceipt(hot.text)).toBe(withoutReceipt(slow.text.replace(routed, render)))
    expect(hot.status).toBe(slow.status)
    // What the router adds is not ours: security headers of pages, framing, its own Vary.
    const own = Object.keys(hot.headers).filter((name) => !['date', 'content-length', 'vary'].includes(name))
    for (const name of own) expect({ [name]: slow.headers[name] }).toEqual({ [name]: hot.headers[name] })
  })

  it('compresses a large answer', async () => {
    const body = {
      name: 'large',
      template_content: 'A long line of text, over and over again. '.repeat(1000),
    }
    await send({ method: 'POST', path: P, body })
    const response = await fetch(`${app.url}${P}/large/render`)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.json()).toMatchObject({ content: body.template_content })
  })
})

describe('answers', () => {
  it('are compressed by the router', async () => {
    const raw = await fetch(`${app.url}/api/openapi.json`, { headers: { 'accept-encoding': 'gzip' } })
    expect(raw.headers.get('content-encoding')).toBe('gzip')
    expect(await raw.json()).toMatchObject({ openapi: '3.1.1' })
  })

  it('to HEAD have the headers of GET and no body', async () => {
    const [head, read] = [await send({ method: 'HEAD', path: `${P}/zero_shot` }), await get(`${P}/zero_shot`)]
    expect(head).toMatchObject({ status: 200, text: '', headers: { etag: read.headers.etag } })
  })

  it('let pages of a configured origin read them and write', async () => {
    const preflight = await send({
      method: 'OPTIONS',
      path: `${P}/zero_shot`,
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'if-match',
      },
    })
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-methods': 'GET, PATCH, DELETE, HEAD, OPTIONS',
        'access-control-allow-headers': expect.stringContaining('If-Match'),
      },
    })
    const read = await get(`${P}/zero_shot`, { origin: ORIGIN })
    expect(read.headers['access-control-expose-headers']).toContain('ETag')
    expect((await create('from_tools', { origin: ORIGIN })).status).toBe(201)
  })

  it('carry the request id into the audit log', async () => {
    await create('traced', { 'x-request-id': 'trace-0815' })
    const { json } = await get('/api/audit?target=traced')
    expect(json).toMatchObject({ items: [{ request_id: 'trace-0815' }] })
  })
})

describe('the client of our own pages', () => {
  it('calls operations by method and path and throws problems', async () => {
    const client = createClient({ baseUrl: app.url })
    const name = 'by_client'
    const body = { name, template_content: 'Hello {{ who }}', tags: ['a'] }
    const created = await client.call('POST /api/prompts', { body, idempotencyKey: 'client-1' })
    expect(created.version).toBe(1)
    const params = { name }
    const read = await client.call('GET /api/prompts/{name}', { params, query: { label: 'latest' } })
    const patch = { params, body: { tags: ['b'] }, ifMatch: read.etag }
    expect((await client.call('PATCH /api/prompts/{name}', patch)).tags).toEqual(['b'])
    const problem = await client.call('PATCH /api/prompts/{name}', patch).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(ProblemError)
    expect(problem).toMatchObject({ problem: { status: 412, code: 'precondition_failed' } })
    const query = await client.call('GET /api/prompts/{name}/render', { params, query: { who: 'Ada & Co' } })
    const posted = await client.call('POST /api/prompts/{name}/render', {
      params,
      body: { variables: { who: 'Ada & Co' } },
    })
    expect([query.content, posted.content]).toEqual(['Hello Ada & Co', 'Hello Ada & Co'])
    const { etag } = await client.call('GET /api/prompts/{name}', { params })
    expect(await client.call('DELETE /api/prompts/{name}', { params, ifMatch: etag })).toBeUndefined()
    await expect(client.call('GET /api/prompts/{name}', { params })).rejects.toMatchObject({
      problem: { status: 404 },
    })
  })

  it('says when nobody answers', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' })
    await expect(client.call('GET /api/prompts/{name}', { params: { name: 'x' } })).rejects.toMatchObject({
      problem: { status: 0, code: 'unreachable' },
    })
  })
})

describe('paths and methods that nobody has', () => {
  it.each([
    ['GET', '/api/nothing', 404],
    ['GET', '/api', 404],
    ['POST', '/api/prompts/zero_shot/nothing/more', 404],
    ['PUT', '/api/prompts', 405],
    ['POST', '/health', 405],
    ['TRACE', '/api/prompts', 405],
    ['GET', '/api/prompts/%E0%A4%A', 400],
    ['GET', '/api/prompts/a%00b', 400],
  ])('%s %s is a %i problem', async (method, path, status) => {
    const answer = await exchange(app, { method, path })
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': expect.any(String) },
      json: { status, request_id: answer.headers['x-request-id'] },
    })
    expect(status === 405 ? answer.headers.allow : 'GET').toContain('GET')
  })
})
