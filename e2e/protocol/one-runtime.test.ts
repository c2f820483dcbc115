import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'

let app: RunningApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.stop())

const PROMPT = 'documentation'

/** What /metrics, a route of Next, tells: uses so far by operation and surface, and what is held in memory. */
async function told(): Promise<Record<string, number>> {
  const text = await (await fetch(`${app.url}/metrics`)).text()
  const found: Record<string, number> = {}
  for (const [, operation, surface, count] of text.matchAll(
    /incipit_uses_total\{operation="(\w+)",surface="(\w+)",outcome="ok"\} (\d+)/g,
  ))
    found[`${operation} ${surface}`] = Number(count)
  for (const [, what, count] of text.matchAll(/incipit_cache_entries\{cache="prompts\.(\w+)"\} (\d+)/g))
    found[`cached ${what}`] = Number(count)
  return found
}

async function growth(of: () => Promise<unknown>): Promise<(key: string) => number> {
  const before = await told()
  await of()
  const after = await told()
  return (key) => (after[key] ?? 0) - (before[key] ?? 0)
}

/** Next bundles pages, routes and instrumentation apart: each could have a buffer, a cache, a pool of its own. */
describe('a page, a route and the hot path', () => {
  const page = async () => expect((await fetch(`${app.url}/prompts/${PROMPT}?version=1`)).status).toBe(200)
  const route = async () =>
    expect((await fetch(`${app.url}/api/prompts/${PROMPT}?version=1`)).status).toBe(200)
  const hot = async () => {
    const answer = await fetch(`${app.url}/api/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'get_prompt', arguments: { template_name: PROMPT, version: 1 } },
      }),
    })
    expect(await answer.json()).toMatchObject({ result: { structuredContent: { name: PROMPT } } })
  }

  it('read through one cache: what the page has read is there for the others', async () => {
    expect((await growth(page))('cached resolutions')).toBeGreaterThan(0)
    expect((await growth(route))('cached resolutions')).toBe(0)
    expect((await growth(hot))('cached resolutions')).toBe(0)
  })

  it('count into one buffer: a read over REST and over MCP once each, a view of the page not at all', async () => {
    const grown = await growth(async () => {
      await page()
      await route()
      await hot()
    })
    expect([grown('get browser'), grown('get rest'), grown('tool mcp')]).toEqual([0, 1, 1])
  })
})
