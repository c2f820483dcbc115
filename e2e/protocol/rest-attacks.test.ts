import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asOwner } from '#lib/testing/database.ts'
import { makeOtherWorkspace } from '#lib/testing/factories.ts'
import { makePromptRow } from '#lib/testing/rows.ts'
import { testRuntime } from '#lib/testing/runtime.ts'
import { scrape } from '../scrape.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { exchange, type Sent } from './exchange.ts'
import { firstBytes } from './raw-connection.ts'

/** Bad input and attacks that one request makes, against the production build. */

const JSON_TYPE = { 'content-type': 'application/json' }
const LIMIT = 4_194_304
const P = '/api/prompts'

let app: RunningApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.stop())

const send = (sent: Sent) => exchange(app, sent)
const post = (path: string, body: object | string, headers: Record<string, string> = JSON_TYPE) =>
  send({ method: 'POST', path, body, headers })

/** One that goes through Next's router, and one that the production server answers before it. */
const DOORS = ['/api/render', '/api/prompts/zero_shot/render']

describe.each(DOORS)('case 1: a body over the limit at %s', (path) => {
  /** A body of exactly so many bytes. */
  const bodyOf = (bytes: number) => `{"values": {"a": "${'x'.repeat(bytes - 21)}"}}`.slice(0, bytes)

  it('is 413 one byte over, and something else at the limit', async () => {
    const at = bodyOf(LIMIT)
    expect(Buffer.byteLength(at)).toBe(LIMIT)
    expect((await post(path, at)).status).not.toBe(413)
    const over = await post(path, `${at} `)
    expect(over).toMatchObject({ status: 413, json: { code: 'too_large', limit_bytes: LIMIT } })
  })

  it('is 413 in chunks too', async () => {
    const body = `${bodyOf(LIMIT)} `
    expect((await send({ method: 'POST', path, body, headers: JSON_TYPE, chunked: true })).status).toBe(413)
  })

  it('is 413 by what Content-Length says, before anything is read', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n`
    expect(await raw(head)).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('is 400 when Content-Length promises less than there is', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n`
    expect(await raw(`${head}{"values": {}}`)).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('leaves the memory bounded: 20 bodies of 64 MB at once', async () => {
    const before = await residentBytes()
    const answers = await Promise.all(Array.from({ length: 20 }, () => flood(path, 16 * LIMIT)))
    for (const answer of answers) expect(answer).toMatch(/^(HTTP\/1\.1 413 |closed)/)
    expect((await residentBytes()) - before).toBeLessThan(50 * LIMIT)
  })
})

const raw = (text: string) => firstBytes(app, text)

/**
 * Sends so many bytes in chunks, until an answer comes. The server ends the connection of one who goes
 * on and on, which may be noticed before the answer is read.
 */
function flood(path: string, bytes: number): Promise<string> {
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  return new Promise((resolve) => {
    let sent = 0
    const socket = connect(app.port, '127.0.0.1')
    const pump = () => {
      while (sent < bytes && !socket.destroyed) {
        sent += 65_536
        if (!socket.write(chunk)) return
      }
    }
    socket.once('connect', () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`)
      socket.write('Transfer-Encoding: chunked\r\n\r\n')
      pump()
    })
    socket.on('drain', pump)
    socket.once('data', (data) => {
      resolve(data.toString('utf8'))
      socket.destroy()
    })
    socket.once('error', () => resolve('closed'))
  })
}

async function residentBytes(): Promise<number> {
  const { text } = await send({ method: 'GET', path: '/metrics' })
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1])
}

describe.each(DOORS)('case 2: JSON that is none at %s', (path) => {
  it.each([
    ['malformed', '{"values": }'],
    ['cut off', '{"values": {"a": "b'],
    ['empty text', ' '],
    ['50,000 levels deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['50,000 levels deep in objects', '{"a":'.repeat(50_000)],
    ['a repeated key', '{"values": {}, "values": {}}'],
    ['a repeated key deep inside', '{"values": {"a": [{"b": 1, "\\u0062": 2}]}}'],
    ['a list', '[]'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('%s is 400', async (_, body) => {
    const answer = await send({ method: 'POST', path, body, headers: JSON_TYPE })
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid_input' } })
  })
})

describe('case 3: characters that no text has', () => {
  it.each([
    ['NUL in a text', P, '{"name": "a", "template_content": "x\\u0000y"}'],
    ['NUL in a key', P, '{"name": "a", "template_content": "x", "config": {"\\u0000": 1}}'],
    ['half a surrogate pair', P, '{"name": "a", "template_content": "x\\ud800y"}'],
    ['half a surrogate pair in a value', '/api/prompts/zero_shot/render', '{"variables": {"a": "\\udc00"}}'],
    ['NUL in a value', '/api/prompts/zero_shot/render', '{"variables": {"a": "\\u0000"}}'],
  ])('%s is 400', async (_, path, body) => {
    expect((await post(path, body)).status).toBe(400)
  })

  it.each([
    `${P}?q=%00`,
    `${P}?q=a%00b`,
    `${P}/a%00b`,
    `${P}/zero_shot/render?a=%00`,
    `${P}?tag=%00`,
    `${P}?cursor=%00`,
    '/api/audit?target=%00',
    '/api/uses?variable=%00',
    `${P}/%ED%A0%80`,
  ])('GET %s is 400', async (path) => {
    expect((await send({ method: 'GET', path })).status).toBe(400)
  })
})

describe('escapes in a query that are no UTF-8', () => {
  it.each([
    `${P}?q=%ED%A0%80`,
    `${P}?q=a%ED%A0%BD`,
    `${P}?q=%C0%80`,
    `${P}?q=%FF`,
    `${P}/zero_shot/render?task_description=%ED%B8%80`,
    '/api/stats?client=%F0%9F%98',
    '/api/uses?variable=%F0%9F%98',
    '/api/audit?target=%ED%A0%80',
  ])('GET %s is 400', async (path) => {
    expect(await send({ method: 'GET', path })).toMatchObject({
      status: 400,
      json: { code: 'invalid_input', errors: [{ in: 'query', code: 'not_utf8' }] },
    })
  })

  it('neither may bytes that nobody escaped come', async () => {
    for (const bytes of ['Gr\u00c3\u00b6', '\u00ff'])
      expect((await send({ method: 'GET', path: `${P}?q=${bytes}` })).status).toBe(400)
  })
})

describe('times, numbers and ids beyond what can be stored', () => {
  const times = [
    '0001-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '1969-12-31T23:59:59Z',
    '2026-01-01T00:00:00-99:00',
    `2026-01-01T00:00:00.${'1'.repeat(200)}Z`,
    '+275760-09-13T00:00:00Z',
    'infinity',
  ].map(encodeURIComponent)

  it.each(times)('%s as a time is 400', async (time) => {
    for (const path of [
      '/api/stats',
      '/api/stats/timeseries',
      '/api/stats/spending',
      '/api/stats/failures',
      '/api/audit',
      '/api/uses',
    ])
      for (const name of ['from', 'to'])
        expect((await send({ method: 'GET', path: `${path}?${name}=${time}` })).status).toBe(400)
  })

  it.each(['1970-01-01T00:00:00Z', '2026-01-01T00:00:00-23:00', '2026-01-01T00:00:00.123456789123Z'])(
    '%s as a time is taken',
    async (time) => {
      for (const path of ['/api/stats', '/api/audit'])
        expect(await send({ method: 'GET', path: `${path}?from=${encodeURIComponent(time)}` })).toMatchObject(
          {
            status: 200,
          },
        )
    },
  )

  it('the longest span there is has a span before it', async () => {
    const path = '/api/stats?from=1970-01-01T00:00:00Z&to=2999-12-31T23:59:59Z'
    expect(await send({ method: 'GET', path })).toMatchObject({ status: 200, json: { totals: {} } })
  })

  it.each(['-1', '0', '1e3', '2147483648', '99999999999999999999', 'Infinity', 'NaN', '0x1', '1.5'])(
    '%s as a version is 400',
    async (version) => {
      for (const path of [`${P}/zero_shot/versions/${version}`, `${P}/zero_shot?version=${version}`])
        expect((await send({ method: 'GET', path })).status).toBe(400)
    },
  )
})

describe('case 4: keys that reach a prototype', () => {
  it.each([
    [P, '{"name": "a", "template_content": "x", "__proto__": {"archived": true}}'],
    [P, '{"name": "a", "template_content": "x", "config": {"__proto__": {"polluted": 1}}}'],
    [P, '{"name": "a", "template_content": "x", "config": {"constructor": {"prototype": {"polluted": 1}}}}'],
    ['/api/prompts/zero_shot/render', '{"variables": {"__proto__": {"polluted": 1}}}'],
    ['/api/prompts/zero_shot/render', '{"variables": {"constructor": "x"}}'],
  ])('%s with %s is 400', async (path, body) => {
    expect((await post(path, body)).status).toBe(400)
  })

  it.each(['constructor', 'prototype', '__proto__'])('a variable named %s is refused', async (name) => {
    const created = await post(
      P,
      JSON.stringify({ name: 'protos', template_content: 'x', variables: [name] }),
    )
    expect([400, 422]).toContain(created.status)
    const rendered = await send({ method: 'GET', path: `${P}/zero_shot/render?${name}=1` })
    expect([400, 422]).toContain(rendered.status)
  })

  it('leaves the prototypes as they were', async () => {
    const draft = {
      template_content: '[{% if a.polluted %}x{% endif %}]',
      variables: [{ name: 'a', type: 'object' }],
      values: { a: {} },
    }
    expect(await post('/api/render', draft)).toMatchObject({ status: 200, json: { content: '[]' } })
  })
})

describe('case 5: queries that would be code', () => {
  const injections = [
    "' OR 1=1 --",
    '1; DROP TABLE prompt_template',
    '{"$ne": null}',
    'name) desc, (select',
    '../../etc',
  ]

  it.each(injections)('%s is 400 in filter, sort and cursor', async (text) => {
    const value = encodeURIComponent(text)
    const names = ['category', 'tag', 'label', 'archived', 'sort', 'limit', 'cursor']
    for (const path of [...names.map((name) => `${P}?${name}=${value}`), `${P}/${value}`])
      expect(await send({ method: 'GET', path })).toMatchObject({
        status: 400,
        json: { code: 'invalid_input' },
      })
  })

  it.each([...injections, '%', '\\', "'", '"', '&|!()', ':*', 'a & b', '<->'])(
    '%s is text in q',
    async (text) => {
      const answer = await send({ method: 'GET', path: `${P}?q=${encodeURIComponent(text)}` })
      expect(answer).toMatchObject({ status: 200, json: { items: expect.any(Array) } })
    },
  )

  it.each(['q[]=a', 'q[$ne]=a', 'category[0]=data', 'sort=name&sort=-name'])('?%s is 400', async (query) => {
    expect((await send({ method: 'GET', path: `${P}?${query}` })).status).toBe(400)
  })
})

/** What the app has worked, of all its threads; a machine that does other things as well adds nothing to it. */
const processorSeconds = async () => (await scrape(app)).get('process_cpu_seconds_total') ?? Number.NaN

describe('case 6: patterns that run for ever elsewhere', () => {
  it.each(['(a+)+$', '(a|aa)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    '%s matches in linear time or is refused',
    async (pattern) => {
      const variables = [{ name: 'v', type: 'string', pattern }]
      const values = { v: `${'a'.repeat(5000)}!` }
      const before = await processorSeconds()
      const answer = await post('/api/render', { template_content: '{{ v }}', variables, values })
      expect([200, 422]).toContain(answer.status)
      expect((await processorSeconds()) - before).toBeLessThan(1)
    },
  )

  it('searches stay quick whatever is looked for', async () => {
    const hostile = `${'a'.repeat(200)} ${'(a+)+ '.repeat(40)}`
    const before = await processorSeconds()
    const answer = await send({ method: 'GET', path: `${P}?q=${encodeURIComponent(hostile)}` })
    expect(answer.status).toBe(200)
    expect((await processorSeconds()) - before).toBeLessThan(1)
  })
})

describe('case 9: what belongs to another workspace', () => {
  it('is 404 by name and by id, and in no list', async () => {
    const url = app.databaseUrl ?? ''
    const database = { url, ownerUrl: asOwner(url), name: 'shared', drop: () => Promise.resolve() }
    const own = await testRuntime({ database })
    try {
      const stranger = await makeOtherWorkspace()
      const { id, name } = await makePromptRow(stranger, { name: 'their_secret' })
      for (const path of [name, id])
        for (const below of ['', '/render', '/versions', '/versions/1', '/labels', '/used-by'])
          expect((await send({ method: 'GET', path: `${P}/${path}${below}` })).status).toBe(404)
      const listed = await send({ method: 'GET', path: `${P}?q=their_secret` })
      expect(listed).toMatchObject({ status: 200, json: { items: [] } })
      const audit = await send({ method: 'GET', path: '/api/audit?limit=200' })
      expect(audit.text).not.toContain('their_secret')
    } finally {
      await own.close()
    }
  })
})

describe('case 10: members that nobody may set', () => {
  it.each(['role', 'id', 'created_by', 'workspace_id', 'etag', 'labels', 'latest_version'])(
    '%s in a body is 400',
    async (member) => {
      const answer = await post(P, { name: 'mass', template_content: 'x', [member]: 'x' })
      expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: `#/${member}` }] } })
    },
  )
})

describe('case 12: a foreign Host', () => {
  it.each(['evil.example', 'evil.example:3000', '127.0.0.1.evil.example'])('%s is 403', async (host) => {
    for (const path of [P, '/api/prompts/zero_shot/render', '/api/nothing', '/prompts'])
      expect((await send({ method: 'GET', path, headers: { host } })).status).toBe(403)
  })
})

describe('case 32: a page elsewhere writes to the API', () => {
  const body = JSON.stringify({ name: 'planted', template_content: 'x' })

  it.each([
    [403, 'its Origin', { ...JSON_TYPE, origin: 'https://evil.example' }],
    [403, 'an opaque Origin', { ...JSON_TYPE, origin: 'null' }],
    [403, 'another port of this machine', { ...JSON_TYPE, origin: 'http://127.0.0.1:1' }],
    [403, 'Sec-Fetch-Site alone', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }],
    [415, 'a text', { 'content-type': 'text/plain' }],
    [415, 'a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    [415, 'a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
    [415, 'JSON in name alone', { 'content-type': 'text/plain; application/json' }],
    [415, 'no media type', {}],
  ])('is %i with %s', async (status, _, headers) => {
    for (const path of [P, ...DOORS]) expect((await post(path, body, headers)).status).toBe(status)
    expect((await send({ method: 'GET', path: `${P}/planted` })).status).toBe(404)
  })

  it('may do it from our own pages and without an Origin', async () => {
    const origin = `http://127.0.0.1:${app.port}`
    expect((await post(P, { name: 'own_page', template_content: 'x' }, { origin })).status).toBe(201)
    expect((await post(P, { name: 'a_tool', template_content: 'x' }, {})).status).toBe(201)
  })

  it('cannot read an answer either', async () => {
    const { headers } = await send({ method: 'GET', path: P, headers: { origin: 'https://evil.example' } })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  })
})
