import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENVELOPE, type McpServerForTests, serveMcp, statelessHeaders } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime({ limits: { body_bytes: 10_000 } })
  mcp = await serveMcp()
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

const call = (method: string, params?: unknown) => ({ jsonrpc: '2.0', id: 1, method, params })
const ping = call('ping')

describe('errors in the form of each revision', () => {
  it('has errors without an id where none can be told, as 2025-11-25 has; older ones say null', async () => {
    const ways = (headers: Record<string, string>) => [
      mcp.post('{"jsonrpc":', headers),
      mcp.post('', headers),
      mcp.post([1], { ...headers, 'content-type': 'text/plain' }),
      mcp.post(ping, { ...headers, origin: 'https://evil.example' }),
      mcp.post({ id: null }, headers),
      mcp.post(call('ping', { pad: 'x'.repeat(10_000) }), headers),
    ]
    for (const revision of ['2025-11-25', '2026-07-28'])
      for (const reply of await Promise.all(ways({ 'mcp-protocol-version': revision }))) {
        expect(reply.status).toBeGreaterThanOrEqual(400)
        expect(reply.body).not.toHaveProperty('id')
      }
    for (const headers of [{}, { 'mcp-protocol-version': '2025-06-18' }] as Record<string, string>[])
      for (const reply of await Promise.all(ways(headers))) expect(reply.body).toHaveProperty('id', null)
  })

  it.each<Record<string, string>>([
    {},
    { 'mcp-protocol-version': '2025-11-25' },
    { 'mcp-protocol-version': '2026-07-28' },
  ])('-32602 for a progress token that is none: %j', async (headers) => {
    for (const progressToken of [null, {}, [], 1.5, true]) {
      const plain = await mcp.post(call('tools/list', { _meta: { progressToken } }), headers)
      const modern = await mcp.post(
        call('tools/list', { _meta: { ...ENVELOPE, progressToken } }),
        statelessHeaders('tools/list', {}),
      )
      for (const reply of [plain, modern])
        expect(reply.body).toMatchObject({
          id: 1,
          error: { code: -32602, message: expect.stringContaining('progressToken') },
        })
    }
  })

  it('-32002 for a resource that does not exist, -32602 from 2026-07-28 on', async () => {
    const params = { uri: 'prompt://nobody' }
    for (const revision of ['2024-11-05', '2025-11-25'])
      for (const more of [{}, { _meta: { progressToken: 1 } }]) {
        const reply = await mcp.post(call('resources/read', { ...params, ...more }), {
          'mcp-protocol-version': revision,
        })
        expect(reply.body).toMatchObject({ error: { code: -32002, data: params } })
      }
    expect((await mcp.postStateless('resources/read', params)).body).toMatchObject({
      error: { code: -32602, data: params },
    })
  })
})
