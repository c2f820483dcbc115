import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { createRuntime, getRuntime, setRuntime } from '../../runtime.ts'
import { signInLocally } from '../../testing/runtime.ts'
import { recordTracing } from '../../testing/tracing.ts'
import { createEdge } from './edge.ts'

let server: Server
beforeEach(async () => {
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')))
  signInLocally({ workspaceId: 'w', ownerId: 'o', systemId: 's' })
  const edge = createEdge({ take: () => false, fault: () => undefined })
  server = createServer((request, response) => edge.serve(request, response, () => response.end('next')))
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(async () => {
  server.close()
  await once(server, 'close')
  setRuntime(undefined)
})

async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { ...headers, connection: 'close' },
  })
  await answer.text()
  return answer.status
}

it('lets a proxy ask for the status of an instance of one machine, and for no more', async () => {
  const proxy = { 'x-forwarded-for': '203.0.113.9' }
  expect(await statusOf('/health/ready', proxy)).toBe(200)
  for (const path of ['/health/ready?verbose', '/health/ready?verbose=1', '/health/ready?a=b&%76erbose'])
    expect([path, await statusOf(path, proxy), await statusOf(path)]).toEqual([path, 403, 200])
})

it.each([
  ['a stranger', [], 0],
  ['a trusted proxy', ['127.0.0.1'], 1],
] as const)('%s says what is sampled: %j, so %i spans', async (_, trusted, count) => {
  const recorded = recordTracing({ sampler: { name: 'parentbased_traceidratio', ratio: 0 } })
  getRuntime().config.security.trusted_proxies.push(...trusted)
  getRuntime().telemetry.tracing = recorded.tracing
  await statusOf('/api/prompts', { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })
  await expect.poll(() => recorded.spans()).toHaveLength(count)
})
