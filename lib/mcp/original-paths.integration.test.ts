import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { type McpServerForTests, serveMcp } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime()
  mcp = await serveMcp()
  await createPrompt(app.actor(), {
    name: 'greet',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hello {{ who }}.' },
          { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
        ],
      },
    ],
  })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

const call = (method: string, params?: object) => ({ jsonrpc: '2.0', id: '123', method, params })

describe('the paths of the original system', () => {
  it('answers the one method of the path', async () => {
    const rendered = await mcp.post(
      call('prompts/get', { name: 'greet', arguments: { who: 'you' } }),
      {},
      '/mcp/prompts/get',
    )
    expect(rendered.status).toBe(200)
    expect(rendered.body).toMatchObject({
      id: '123',
      result: {
        messages: [
          { content: { type: 'text', text: 'Hello you.' } },
          // 2024-11-05 has no audio.
          { content: { type: 'text' } },
        ],
      },
    })
    const params = { name: 'render_prompt', arguments: { template_name: 'greet', variables: { who: 'you' } } }
    const called = await mcp.post(call('tools/call', params), {}, '/mcp/tools/call')
    expect(called.body).toMatchObject({ result: { content: [{ type: 'text', text: 'Hello you.' }, {}] } })
    for (const method of ['prompts/list', 'tools/list']) {
      const list = await mcp.post(call(method), {}, `/mcp/${method}`)
      expect([list.status, list.body]).toMatchObject([200, { id: '123', result: {} }])
    }
  })

  it('200 with the error of JSON-RPC', async () => {
    const missing = await mcp.post(call('prompts/get', { name: 'nobody' }), {}, '/mcp/prompts/get')
    expect([missing.status, missing.body]).toMatchObject([200, { id: '123', error: { code: -32602 } }])
  })

  it('-32600 for another method, a batch, and what is no request', async () => {
    const other = await mcp.post(call('tools/list'), {}, '/mcp/prompts/list')
    expect([other.status, other.body]).toMatchObject([200, { id: '123', error: { code: -32600 } }])
    for (const body of [[call('prompts/list')], { jsonrpc: '2.0', id: null, method: 'prompts/list' }, 7]) {
      const reply = await mcp.post(body, {}, '/mcp/prompts/list')
      expect([reply.status, reply.body]).toMatchObject([200, { id: null, error: { code: -32600 } }])
    }
  })

  it('-32700 with 400 for what cannot be parsed', async () => {
    const reply = await mcp.post('{', {}, '/mcp/tools/call')
    expect([reply.status, reply.body]).toMatchObject([400, { id: null, error: { code: -32700 } }])
  })

  it.each([
    [
      'limits.json_keys',
      { many: Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`k${n}`, 0])) },
    ],
    ['limits.json_values', { many: Array.from({ length: 50_001 }, () => 0) }],
  ])('200 with an error that names %s', async (limit, params) => {
    const reply = await mcp.post(call('tools/call', params), {}, '/mcp/tools/call')
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { data: { code: 'too_large', limit } },
    })
    expect(reply.body).not.toMatchObject({ error: { code: -32700 } })
  })

  it('202 for a notification, 405 for another HTTP method, 404 for another path', async () => {
    const note = await mcp.post({ jsonrpc: '2.0', method: 'prompts/list' }, {}, '/mcp/prompts/list')
    expect([note.status, note.body]).toEqual([202, undefined])
    const read = await fetch(`${mcp.url}/mcp/prompts/list`)
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${mcp.url}/mcp/prompts`)).status).toBe(404)
  })

  it('403 for a page elsewhere, 415 for anything but JSON', async () => {
    const message = call('tools/list')
    const foreign = await mcp.post(message, { origin: 'https://evil.example' }, '/mcp/tools/list')
    expect(foreign.status).toBe(403)
    expect((await mcp.post(message, { 'content-type': 'text/plain' }, '/mcp/tools/list')).status).toBe(415)
  })
})
