import { afterAll, beforeAll, expect, it } from 'vitest'
import { addRequestMetrics } from '../door/request-metrics.ts'
import { metrics } from '../metrics.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { type McpServerForTests, serveMcp } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime()
  addRequestMetrics()
  mcp = await serveMcp()
  await createPrompt(app.actor(), { name: 'greet', template_content: 'Hello {{ who }}.' })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

it('/metrics counts each method by how it ended', async () => {
  await mcp.postStateless('prompts/get', { name: 'greet', arguments: { who: 'you' } })
  await mcp.postStateless('prompts/get', { name: 'nobody_here' })
  await mcp.postStateless('tools/call', { name: 'render_prompt', arguments: { template_name: 'greet' } })
  await mcp.postStateless('resources/read', {})
  const counted = (await metrics().expose()).split('\n').filter((line) => line.startsWith('incipit_requests'))
  expect(counted).toEqual([
    'incipit_requests_total{door="mcp",route="prompts/get",outcome="ok",status="2xx"} 1',
    'incipit_requests_total{door="mcp",route="prompts/get",outcome="not_found",status="4xx"} 1',
    'incipit_requests_total{door="mcp",route="tools/call",outcome="tool_error",status="4xx"} 1',
    'incipit_requests_total{door="mcp",route="resources/read",outcome="-32602",status="4xx"} 1',
  ])
})
