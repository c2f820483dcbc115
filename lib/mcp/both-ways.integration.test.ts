import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localOwner } from '../access/identify.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import { type AdmittedRequest, bodyText, type HttpAnswer, RequestRecord } from '../door/message.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { ENVELOPE, statelessHeaders } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { answerFast } from './fast-path.ts'
import type { JsonObject, RpcRequest } from './transport/message.ts'
import { postThroughSdk } from './transport/streamable-http.ts'

/** The same requests answered on the fast path and by the SDK's Server: the answers must be the same. */

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  await createCategory(app.actor(), { slug: 'data', name: 'Data' })
  await createPrompt(app.actor(), {
    name: 'greet',
    title: 'Greeting',
    description: 'Greets somebody',
    category: 'data',
    template_content: 'Hello {{ who }}, {{ tone }}.',
    variables: [
      { name: 'who', description: 'Whom' },
      { name: 'tone', enum: ['kind', 'stern'], default: 'kind' },
    ],
    publish: { tool: true, skill: true },
  })
  await createPrompt(app.actor(), {
    name: 'talk',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image', data: 'AAAA', mimeType: 'image/png' },
          { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
          { type: 'resource_link', uri: 'file:///a', name: 'a' },
        ],
      },
    ],
  })
})
afterAll(() => app.close())

function httpRequest(headers: Record<string, string>): AdmittedRequest {
  const all: Record<string, string> = { host: 'localhost', 'user-agent': 'test/1', ...headers }
  const record = Object.assign(new RequestRecord(), { identity: localOwner(app.identity) })
  return {
    id: 'request-1',
    record,
    method: 'POST',
    path: '/api/mcp',
    search: '',
    header: (name) => all[name],
    readBody: () => Promise.reject(new Error('the body is given')),
  }
}

function bodyOf(answer: HttpAnswer): unknown {
  if (answer.stream !== undefined) throw new Error('a stream is no answer to a request')
  const { body, status } = answer
  const text = bodyText(body)
  return { status, body: withoutMoment(JSON.parse(text) as JsonObject) }
}

/** What differs from call to call in an answer of the same content. */
function withoutMoment(value: JsonObject): unknown {
  return JSON.parse(JSON.stringify(value).replace(/"(request_id|receipt)":"[^"]+"/g, '"$1":""'))
}

async function bothWays(http: AdmittedRequest, request: RpcRequest): Promise<[unknown, unknown]> {
  const fast = answerFast(http, request)
  expect(fast, `${request.method} is answered on the fast path`).toBeDefined()
  if (fast === undefined) throw new Error('not on the fast path')
  return [bodyOf(await fast), bodyOf(await postThroughSdk(http, request))]
}

const REQUESTS: [string, JsonObject?][] = [
  ['prompts/list'],
  ['prompts/list', {}],
  ['prompts/list', { cursor: 'no cursor of ours' }],
  ['prompts/list', { cursor: 7 }],
  ['prompts/get', { name: 'greet', arguments: { who: 'World' } }],
  ['prompts/get', { name: 'greet', arguments: { who: 'World', tone: 'stern' } }],
  ['prompts/get', { name: 'talk' }],
  ['prompts/get', { name: 'greet', arguments: {} }],
  ['prompts/get', { name: 'greet', arguments: { who: 'World', tone: 'rude', more: '1' } }],
  ['prompts/get', { name: 'nobody' }],
  ['tools/list'],
  ['tools/call', { name: 'render_prompt', arguments: { template_name: 'greet', variables: { who: 'you' } } }],
  ['tools/call', { name: 'render_prompt', arguments: { template_name: 'greet' } }],
  ['tools/call', { name: 'render_prompt', arguments: { nothing: 'known' } }],
  ['tools/call', { name: 'greet', arguments: { who: 'you' } }],
  ['tools/call', { name: 'greet', arguments: {} }],
  ['tools/call', { name: 'get_prompt', arguments: { template_name: 'talk' } }],
  ['tools/call', { name: 'search_prompts', arguments: { query: 'greet' } }],
  ['tools/call', { name: 'list_categories' }],
  ['tools/call', { name: 'unknown_tool', arguments: {} }],
  ['skills/list'],
  ['skills/list', { cursor: 'no cursor of ours' }],
  ['skills/get', { uri: 'skill://greet/SKILL.md' }],
  ['skills/get', { uri: 'skill://talk/SKILL.md' }],
  ['skills/get', {}],
  ['resources/directory/read', { uri: 'skill://greet' }],
  ['resources/directory/read', { uri: 'skill://greet/SKILL.md' }],
  ['resources/read', { uri: 'skill://greet/SKILL.md' }],
  ['resources/read', { uri: 'skill://greet/nothing.md' }],
  ['resources/list'],
  ['resources/templates/list'],
  ['resources/read', { uri: 'prompt://greet' }],
  ['resources/read', { uri: 'prompt://greet/versions/1' }],
  ['resources/read', { uri: 'category://data' }],
  ['resources/read', { uri: 'prompt://nobody' }],
  ['resources/read', { uri: 'file:///etc/passwd' }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'tone', value: 's' } },
  ],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'x', value: '' } }],
  [
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'prompt://{name}' }, argument: { name: 'name', value: 'gr' } },
  ],
]

describe.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('%s', (revision) => {
  it.each(REQUESTS)('%s %j', async (method, params) => {
    const request: RpcRequest = { jsonrpc: '2.0', id: 'a', method, ...(params && { params }) }
    const [hand, sdk] = await bothWays(httpRequest({ 'mcp-protocol-version': revision }), request)
    expect(hand).toEqual(sdk)
  })

  it('ping and initialize', async () => {
    const http = httpRequest({ 'mcp-protocol-version': revision })
    const [ping, sdkPing] = await bothWays(http, { jsonrpc: '2.0', id: 1, method: 'ping' })
    expect(ping).toEqual(sdkPing)
    const params = { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'x', version: '1' } }
    const [hand, sdk] = await bothWays(http, { jsonrpc: '2.0', id: 1, method: 'initialize', params })
    expect(hand).toEqual(sdk)
    expect(hand).toMatchObject({ body: { result: { protocolVersion: revision } } })
  })
})

describe('2026-07-28', () => {
  it.each(REQUESTS)('%s %j', async (method, params = {}) => {
    const request: RpcRequest = { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: ENVELOPE } }
    const [hand, sdk] = await bothWays(httpRequest(statelessHeaders(method, params)), request)
    expect(hand).toEqual(sdk)
    expect(hand).toHaveProperty('body')
  })
})

describe('what is compared', () => {
  it.each(['prompts/list', 'tools/list', 'resources/list', 'resources/templates/list'])(
    '%s is a list, and its bytes are kept',
    async (method) => {
      const http = httpRequest({})
      const [first] = await bothWays(http, { jsonrpc: '2.0', id: 1, method })
      const [second] = await bothWays(http, { jsonrpc: '2.0', id: 'two', method })
      expect(first).toMatchObject({ status: 200, body: { id: 1, result: {} } })
      expect(second).toMatchObject({ status: 200, body: { id: 'two', result: {} } })
    },
  )
})

describe('left to the SDK', () => {
  const list: RpcRequest = { jsonrpc: '2.0', id: 1, method: 'prompts/list', params: { _meta: ENVELOPE } }
  const headers = statelessHeaders('prompts/list', {})

  it.each([
    ['a header that disagrees', { ...headers, 'mcp-method': 'tools/list' }, list],
    ['a missing header', { 'mcp-protocol-version': '2026-07-28' }, list],
    [
      'an envelope without capabilities',
      headers,
      { ...list, params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } } },
    ],
    [
      'an unknown revision',
      { ...headers, 'mcp-protocol-version': '2099-01-01' },
      {
        ...list,
        params: { _meta: { ...ENVELOPE, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } },
      },
    ],
    [
      'a name in base64',
      { ...statelessHeaders('prompts/get', {}), 'mcp-name': '=?base64?Z3JlZXQ=?=' },
      { ...list, method: 'prompts/get', params: { name: 'greet', _meta: ENVELOPE } },
    ],
    ['a progress token', {}, { ...list, params: { _meta: { progressToken: 1 } } }],
    ['an unknown method', {}, { ...list, method: 'nope', params: {} }],
  ] as [string, Record<string, string>, RpcRequest][])('%s', (_, given, request) => {
    expect(answerFast(httpRequest(given), request)).toBeUndefined()
  })
})
