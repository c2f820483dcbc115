import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrompt } from '../../prompts/operations/create-prompt.ts'
import {
  ENVELOPE,
  type McpReply,
  type McpServerForTests,
  serveMcp,
  statelessHeaders,
} from '../../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { METHOD_NAMES } from '../methods.ts'

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime({
    mcp: { batch_size: 9 },
    limits: { body_bytes: 10_000, json_depth: 20, json_keys: 100, json_values: 1000 },
  })
  mcp = await serveMcp()
  await createPrompt(app.actor(), { name: 'greet', template_content: 'Hello {{ who }}.' })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

const call = (method: string, params?: unknown, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params })
const ping = call('ping')
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo'

function errorOf(reply: McpReply): unknown {
  return reply.body
}

describe('before JSON-RPC', () => {
  it('403 for a foreign Host, for a read as well', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        `${mcp.url}/api/mcp`,
        { method: 'POST', headers: { host: 'evil.example', 'content-type': 'application/json' } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      sent.on('error', reject).end(JSON.stringify(ping))
    })
    expect(status).toBe(403)
  })

  it('403 for a page elsewhere, 200 for one of our own', async () => {
    const foreign = await mcp.post(ping, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect(errorOf(foreign)).toMatchObject({ id: null, error: { data: { code: 'forbidden' } } })
    expect((await mcp.post(ping, { origin: 'null' })).status).toBe(403)
    expect((await mcp.post(ping, { origin: mcp.url })).status).toBe(200)
  })

  it('415 for anything but JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json-seq'])
      expect((await mcp.post(ping, { 'content-type': type })).status).toBe(415)
    expect((await mcp.post(ping, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200)
  })

  it('405 for other methods, with what is allowed', async () => {
    const answers = await Promise.all(
      ['DELETE', 'PUT', 'PATCH', 'HEAD'].map((method) => fetch(`${mcp.url}/api/mcp`, { method })),
    )
    expect(answers.map(({ status }) => status)).toEqual([405, 405, 405, 405])
    expect(answers[0]?.headers.get('allow')).toBe('GET, POST')
    const listen = await fetch(`${mcp.url}/api/mcp`, {
      headers: { 'mcp-protocol-version': '2026-07-28', accept: 'text/event-stream' },
    })
    expect([listen.status, listen.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('406 for a GET that wants no events', async () => {
    const answer = await fetch(`${mcp.url}/api/mcp`, { headers: { accept: 'text/html' } })
    expect(answer.status).toBe(406)
  })

  it.each([
    ['limits.json_keys', { many: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`k${n}`, 0])) }],
    ['limits.json_values', { many: Array.from({ length: 1001 }, () => 0) }],
  ])('413 for a body over %s, which the error names', async (limit, params) => {
    const reply = await mcp.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
    expect(reply.status).toBe(413)
    expect(errorOf(reply)).toMatchObject({ error: { code: -32000, data: { code: 'too_large', limit } } })
    expect(errorOf(reply)).toMatchObject({ error: { message: expect.stringContaining(limit) } })
  })

  it('413 for a body over the limit', async () => {
    const reply = await mcp.post(call('ping', { pad: 'x'.repeat(10_000) }))
    expect(reply.status).toBe(413)
    expect(errorOf(reply)).toMatchObject({
      error: { data: { code: 'too_large', limit: 'limits.body_bytes' } },
    })
  })

  it.each([
    ['nothing', ''],
    ['malformed', '{"jsonrpc":'],
    ['repeated keys', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}'],
    [
      'too deep',
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${'['.repeat(30)}${']'.repeat(30)}}}`,
    ],
    ['a lone surrogate', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\\ud800"}}'],
    ['a key that reaches a prototype', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{}}}'],
  ])('400 and -32700 for %s', async (_, text) => {
    const reply = await mcp.post(text)
    expect(reply.status).toBe(400)
    expect(errorOf(reply)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32700 } })
  })

  it('400 for an address that cannot be one', async () => {
    for (const query of ['?label=UPPER', '?category=a&category=b', '?label=7'])
      expect((await mcp.post(call('prompts/list'), {}, `/api/mcp${query}`)).status).toBe(400)
  })
})

describe('messages of revisions with a handshake', () => {
  it('202 without a body for notifications and posted responses', async () => {
    for (const message of [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
      { jsonrpc: '2.0', id: 1, result: {} },
    ]) {
      const reply = await mcp.post(message)
      expect([reply.status, reply.body]).toEqual([202, undefined])
    }
  })

  it('negotiates: what is asked for when it is served, else the newest', async () => {
    const initialize = async (protocolVersion: string) => {
      const clientInfo = { name: 'x', version: '1' }
      const reply = await mcp.post(call('initialize', { protocolVersion, capabilities: {}, clientInfo }))
      return (reply.body as { result: { protocolVersion: string } }).result.protocolVersion
    }
    for (const revision of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])
      expect(await initialize(revision)).toBe(revision)
    expect(await initialize('2024-10-07')).toBe('2025-11-25')
    expect(await initialize('1999-01-01')).toBe('2025-11-25')
  })

  it('400 and -32022 for a revision that is not served, with the id of the request', async () => {
    const reply = await mcp.post(ping, { 'mcp-protocol-version': '1999-01-01' })
    expect(reply.status).toBe(400)
    expect(errorOf(reply)).toMatchObject({
      id: 1,
      error: {
        code: -32022,
        data: { supported: expect.arrayContaining(['2026-07-28', '2025-11-25']), requested: '1999-01-01' },
      },
    })
  })

  it('reads a resource whichever way its URI is written', async () => {
    for (const uri of ['PROMPT://greet', 'prompt://gr%65et']) {
      const reply = await mcp.post(call('resources/read', { uri }))
      expect(reply.body).toMatchObject({
        result: { contents: [{ uri, text: expect.stringContaining('`greet`') }] },
      })
    }
  })

  it('says who serves, with a picture and a sentence', async () => {
    const clientInfo = { name: 'x', version: '1' }
    const reply = await mcp.post(
      call('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }),
    )
    expect(reply.body).toMatchObject({
      result: {
        serverInfo: {
          description: expect.stringMatching(/prompts/),
          icons: [{ src: expect.stringMatching(/^https?:\/\/.*\/icon\.svg$/), mimeType: 'image/svg+xml' }],
        },
      },
    })
  })

  it('-32601 for an unknown method, -32600 for what is no message', async () => {
    const unknown = await mcp.post(call('no/such'))
    expect([unknown.status, errorOf(unknown)]).toMatchObject([200, { id: 1, error: { code: -32601 } }])
    for (const body of [7, {}, { jsonrpc: '2.0', id: null, method: 'ping' }, { id: 1, method: 'ping' }]) {
      const reply = await mcp.post(body)
      expect([reply.status, errorOf(reply)]).toMatchObject([400, { error: { code: -32600 } }])
    }
  })

  it('answers batches where the revision has them', async () => {
    const batch = [ping, { jsonrpc: '2.0', method: 'notifications/initialized' }, call('no/such', {}, 'b')]
    const reply = await mcp.post(batch)
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject([
      { id: 1, result: {} },
      { id: 'b', error: { code: -32601 } },
    ])
    expect((await mcp.post([batch[1]])).status).toBe(202)
    expect((await mcp.post([])).status).toBe(400)
    expect((await mcp.post(batch, { 'mcp-protocol-version': '2025-06-18' })).status).toBe(400)
  })

  it('413 for a batch over mcp.batch_size, which the error names', async () => {
    const pings = (count: number) => Array.from({ length: count }, (_, id) => call('ping', {}, id))
    expect((await mcp.post(pings(9))).status).toBe(200)
    const reply = await mcp.post(pings(10))
    expect(reply.status).toBe(413)
    expect(errorOf(reply)).toMatchObject({
      error: {
        message: expect.stringContaining('mcp.batch_size'),
        data: { code: 'too_large', limit: 'mcp.batch_size' },
      },
    })
  })

  it('answers each element of a batch by itself, whatever stands beside it', async () => {
    const reply = await mcp.post([1, call('ping', {}, 'a'), [], null, { id: 7, method: 'ping' }], {
      'mcp-protocol-version': '2025-03-26',
    })
    expect([reply.status, reply.body]).toMatchObject([
      200,
      [
        { id: null, error: { code: -32600 } },
        { id: 'a', result: {} },
        { id: null, error: { code: -32600 } },
        { id: null, error: { code: -32600 } },
        { id: 7, error: { code: -32600 } },
      ],
    ])
  })

  it('answers no more of a batch than limits.output_bytes, and says so of the rest', async () => {
    await createPrompt(app.actor(), {
      name: 'long-answer',
      template_content: `{% for i in (1..40) %}${'x'.repeat(95_000)}{% endfor %}`,
    })
    const reply = await mcp.post(
      Array.from({ length: 8 }, (_, id) => call('prompts/get', { name: 'long-answer' }, id)),
    )
    const answers = reply.body as { id: number; result?: unknown; error?: unknown }[]
    expect(answers.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(answers.slice(0, 4).every(({ result }) => result !== undefined)).toBe(true)
    for (const { error } of answers.slice(4))
      expect(error).toMatchObject({ message: expect.stringContaining('limits.output_bytes') })
  })

  it('takes no handshake inside a batch', async () => {
    const params = {
      protocolVersion: '2025-03-26',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    }
    const reply = await mcp.post([call('initialize', params)])
    expect(reply.body).toMatchObject([{ id: 1, error: { code: -32600 } }])
  })

  it('answers a call that asks for progress', async () => {
    const params = { name: 'render_prompt', arguments: { template_name: 'greet', variables: { who: 'you' } } }
    const reply = await mcp.post(call('tools/call', { ...params, _meta: { progressToken: 'p' } }))
    expect(reply.body).toMatchObject({ id: 1, result: { content: [{ type: 'text', text: 'Hello you.' }] } })
  })
})

describe('messages that a schema refuses', () => {
  const client = { name: 'x', version: '1' }
  const good = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client }

  it.each([
    ['initialize without params', 'initialize', undefined, /params: is required/],
    ['initialize with empty params', 'initialize', {}, /protocolVersion.*capabilities.*clientInfo/],
    ['a number as version', 'initialize', { ...good, protocolVersion: 5 }, /protocolVersion/],
    ['a text as capabilities', 'initialize', { ...good, capabilities: 'all' }, /capabilities/],
    ['a list as client', 'initialize', { ...good, clientInfo: [] }, /clientInfo/],
    ['a client without name', 'initialize', { ...good, clientInfo: { version: '1' } }, /clientInfo.name/],
    [
      'a capability that is none',
      'initialize',
      { ...good, capabilities: { roots: 1 } },
      /capabilities.roots/,
    ],
  ])('%s: -32602 and a sentence', async (_, method, params, sentence) => {
    const reply = await mcp.post(call(method, params))
    expect(errorOf(reply)).toMatchObject({
      error: { code: -32602, message: expect.stringMatching(sentence) },
    })
    expect(JSON.stringify(reply.body)).not.toContain('\\"code\\"')
  })

  const odd = [null, 5, 'x', [], { progressToken: {} }, { progressToken: 1.5 }, { [CAPABILITIES]: 7 }]

  it.each(METHOD_NAMES)(
    '%s with odd parameters is no internal error, and no list of issues',
    async (method) => {
      const replies = await Promise.all(
        odd.flatMap((value) => [
          mcp.post(call(method, { _meta: value })),
          mcp.post(call(method, { name: value, uri: value, arguments: value, cursor: value, ref: value })),
          mcp.post(call(method, value ?? undefined)),
          mcp.post(
            call(method, { _meta: { ...ENVELOPE, [CAPABILITIES]: value } }),
            statelessHeaders(method, {}),
          ),
          mcp.post(
            call(method, { _meta: { ...ENVELOPE, [CLIENT_INFO]: value, progressToken: value } }),
            statelessHeaders(method, {}),
          ),
        ]),
      )
      for (const { body } of replies) {
        expect(body).not.toMatchObject({ error: { code: -32603 } })
        expect(JSON.stringify(body)).not.toMatch(/\\"code\\"|\[\\n/)
      }
    },
  )
})

describe('messages of 2026-07-28', () => {
  it('404 for an unknown method', async () => {
    const reply = await mcp.postStateless('no/such')
    expect([reply.status, errorOf(reply)]).toMatchObject([404, { error: { code: -32601 } }])
  })

  it('has no ping and no initialize', async () => {
    for (const method of ['ping', 'initialize', 'logging/setLevel'])
      expect((await mcp.postStateless(method)).status).toBe(404)
  })

  it('400 and -32020 for headers that do not repeat the body', async () => {
    const body = call('prompts/get', { name: 'greet', _meta: ENVELOPE })
    const headers = statelessHeaders('prompts/get', { name: 'greet' })
    const wrongHeaders: Record<string, string>[] = [
      { ...headers, 'mcp-method': 'prompts/list' },
      { ...headers, 'mcp-name': 'other' },
      { ...headers, 'mcp-protocol-version': '2025-11-25' },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'prompts/get' },
    ]
    for (const wrong of wrongHeaders) {
      const reply = await mcp.post(body, wrong)
      expect([reply.status, errorOf(reply)]).toMatchObject([400, { id: 1, error: { code: -32020 } }])
    }
  })

  it('400 and -32022 for a revision to come', async () => {
    const meta = { ...ENVELOPE, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
    const headers = { 'mcp-protocol-version': '2099-01-01', 'mcp-method': 'prompts/list' }
    const reply = await mcp.post(call('prompts/list', { _meta: meta }), headers)
    expect([reply.status, errorOf(reply)]).toMatchObject([
      400,
      { error: { code: -32022, data: { supported: ['2026-07-28'], requested: '2099-01-01' } } },
    ])
  })

  it('400 for an envelope that is not whole, and for a batch', async () => {
    const { 'io.modelcontextprotocol/clientCapabilities': _, ...partial } = ENVELOPE
    const reply = await mcp.post(
      call('prompts/list', { _meta: partial }),
      statelessHeaders('prompts/list', {}),
    )
    expect([reply.status, errorOf(reply)]).toMatchObject([400, { error: { code: -32602 } }])
    for (const body of [
      [call('prompts/list', { _meta: ENVELOPE })],
      [],
      { jsonrpc: '2.0', id: 1, result: {} },
    ]) {
      const refused = await mcp.post(body, statelessHeaders('prompts/list', {}))
      expect([refused.status, refused.body]).toMatchObject([
        400,
        { error: { code: -32600, message: expect.stringContaining('2026-07-28') } },
      ])
    }
  })

  it('answers JSON to whoever takes no stream, asked for progress or not', async () => {
    const params = { name: 'render_prompt', arguments: { template_name: 'greet', variables: { who: 'you' } } }
    const message = call('tools/call', { ...params, _meta: { ...ENVELOPE, progressToken: 'p' } })
    const reply = await mcp.post(message, {
      ...statelessHeaders('tools/call', params),
      accept: 'application/json',
    })
    expect(reply.headers.get('content-type')).toBe('application/json')
    expect(reply.body).toMatchObject({ id: 1, result: { content: [{ text: 'Hello you.' }] } })
  })

  it('says how long results hold, and for whom', async () => {
    const reply = await mcp.postStateless('resources/templates/list')
    expect(reply.body).toMatchObject({
      result: { resultType: 'complete', ttlMs: 300_000, cacheScope: 'private' },
    })
    const rendered = await mcp.postStateless('prompts/get', { name: 'greet', arguments: { who: 'you' } })
    expect(rendered.body).toMatchObject({ result: { resultType: 'complete' } })
    expect((rendered.body as { result: object }).result).not.toHaveProperty('ttlMs')
  })
})
