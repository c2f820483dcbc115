import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { getRuntime } from '../runtime.ts'
import { ENVELOPE, type McpServerForTests, serveMcp, statelessHeaders } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { mcpRoute } from './endpoint.ts'
import { subscriptions } from './subscriptions.ts'
import { originalPath } from './transport/node.ts'
import { streamableHttp } from './transport/streamable-http.ts'

/** The route files' way, which `next start` and `next dev` take: the same answers as the hot path. */

const ORIGIN = 'https://tools.example'

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime({ feed: true })
  Object.assign(getRuntime().config.security, { cors_origins: [ORIGIN] })
  mcp = await serveMcp()
  await createPrompt(app.actor(), { name: 'greet', template_content: 'Hello {{ who }}.' })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

const { GET, POST, HEAD, DELETE, OPTIONS } = mcpRoute(streamableHttp)
const JSON_TYPE = { 'content-type': 'application/json', host: 'localhost' }

function request(method: string, headers: Record<string, string>, body?: unknown): Request {
  return new Request('http://localhost/api/mcp', {
    method,
    headers: { host: 'localhost', ...headers },
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { ...JSON_TYPE, 'content-length': '1', ...headers } }),
  })
}

/** Each render has a receipt of its own. */
function alike(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replace(/"receipt":"[^"]+"/, '"receipt":""'))
}

describe('the route files', () => {
  it.each([
    ['prompts/list', {}],
    ['prompts/get', { name: 'greet', arguments: { who: 'you' } }],
    ['tools/call', { name: 'render_prompt', arguments: { template_name: 'greet' } }],
    ['no/such', {}],
  ])('answer %s as the hot path does', async (method, params) => {
    const message = { jsonrpc: '2.0', id: 1, method, params }
    const answer = await POST(request('POST', {}, message))
    const hot = await mcp.post(message)
    expect(alike([answer.status, await answer.json()])).toEqual(alike([hot.status, hot.body]))
    const stateless = { ...message, params: { ...params, _meta: ENVELOPE } }
    const modern = await POST(request('POST', statelessHeaders(method, params), stateless))
    const modernHot = await mcp.postStateless(method, params)
    expect(alike([modern.status, await modern.json()])).toEqual(alike([modernHot.status, modernHot.body]))
  })

  it('answer the original paths', async () => {
    const { POST: list } = mcpRoute(originalPath('prompts/list'))
    const answer = await list(request('POST', {}, { jsonrpc: '2.0', id: 1, method: 'prompts/list' }))
    expect(await answer.json()).toMatchObject({ result: { prompts: [{ name: 'greet' }] } })
  })

  it('refuse what is not possible, without a body for HEAD', async () => {
    expect((await DELETE(request('DELETE', {}))).status).toBe(405)
    const head = await HEAD(request('HEAD', {}))
    expect([head.status, await head.text()]).toEqual([405, ''])
    expect((await POST(request('POST', { origin: 'https://evil.example' }, {}))).status).toBe(403)
  })

  it('stream notifications and notice when the reader goes', async () => {
    const before = subscriptions().size
    const answer = await GET(request('GET', { accept: 'text/event-stream' }))
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toContain(': open')
    expect(subscriptions().size).toBe(before + 1)
    await createPrompt(app.actor(), { name: 'new_one', template_content: 'Hello.' })
    expect((await reader?.read())?.value).toContain('list_changed')
    await reader?.cancel()
    expect(subscriptions().size).toBe(before)
  })
})

describe('pages of configured origins', () => {
  it('may ask and read', async () => {
    const asked = await OPTIONS(
      request('OPTIONS', { origin: ORIGIN, 'access-control-request-method': 'POST' }),
    )
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(asked.headers.get('access-control-allow-headers')).toContain('Mcp-Protocol-Version')
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
    const answer = await POST(request('POST', { origin: ORIGIN }, ping))
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN])
  })

  it('may not from anywhere else', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const asked = await OPTIONS(request('OPTIONS', headers))
    expect(asked.headers.get('access-control-allow-origin')).toBeNull()
  })
})
