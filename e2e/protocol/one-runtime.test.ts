import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'

let app: RunningApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.stop())

const PROMPT = 'documentation'

/** Uses counted so far by operation and surface, as a route of Next tells them. */
async function uses(): Promise<Record<string, number>> {
  const text = await (await fetch(`${app.url}/metrics`)).text()
  const found: Record<string, number> = {}
  for (const [, operation, surface, count] of text.matchAll(
    /incipit_uses_total\{operation="(\w+)",surface="(\w+)",outcome="ok"\} (\d+)/g,
  ))
    found[`${operation} ${surface}`] = Number(count)
  return found
}

/** Next bundles pages, routes and instrumentation apart: each could have a buffer, a cache, a pool of its own. */
it('a page, a route and the hot path count into one buffer', async () => {
  const before = await uses()
  expect((await fetch(`${app.url}/prompts/${PROMPT}`)).status).toBe(200)
  expect((await fetch(`${app.url}/api/prompts/${PROMPT}`)).status).toBe(200)
  const hot = await fetch(`${app.url}/api/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'get_prompt', arguments: { template_name: PROMPT } },
    }),
  })
  expect(hot.status).toBe(200)
  const after = await uses()
  const grown = (key: string) => (after[key] ?? 0) - (before[key] ?? 0)
  expect([grown('get browser'), grown('get rest'), grown('tool mcp')]).toEqual([1, 1, 1])
})
