import { expect } from 'vitest'
import { openServerEvents } from '#lib/testing/server-events.ts'
import { exchange } from '../protocol/exchange.ts'
import { rest } from '../protocol/mcp-apps.ts'
import type { RunningApp } from '../start-app.ts'

const HEADERS = {
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'prompts/list',
}
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'honest', version: '1.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/**
 * Whether everything behind the doors still runs: a change is made, heard and listed, a use of it is
 * counted, and the app says that it is ready.
 * @param name a prompt that does not exist yet
 */
export async function assertAlive(app: RunningApp, name: string): Promise<void> {
  const stream = await openServerEvents(`${app.url}/api/changes`)
  try {
    expect(await stream.next()).toMatchObject({ event: 'hello' })
    await rest(app, 'POST', '/api/prompts', { name, template_content: 'Hello {{ who }}' })
    await hears(stream, name)
  } finally {
    await stream.close()
  }
  const rendered = await rest(app, 'GET', `/api/prompts/${name}/render?who=Ada`)
  expect(rendered).toMatchObject({ content: 'Hello Ada' })
  const listed = await exchange(app, {
    method: 'POST',
    path: '/api/mcp',
    headers: HEADERS,
    body: { jsonrpc: '2.0', id: 1, method: 'prompts/list', params: { _meta: META } },
  })
  expect(listed).toMatchObject({ status: 200, json: { result: { prompts: expect.any(Array) } } })
  const uses = () => rest(app, 'GET', `/api/stats?prompt=${name}`)
  await expect.poll(uses, { timeout: 15_000, interval: 100 }).toMatchObject({ totals: { renders: 1 } })
  expect(await exchange(app, { method: 'GET', path: '/health/ready' })).toMatchObject({ status: 200 })
}

/** Reads until the stream tells of a prompt; others may have changed something meanwhile. */
async function hears(stream: Awaited<ReturnType<typeof openServerEvents>>, name: string): Promise<void> {
  for (let event = await stream.next(); event !== undefined; event = await stream.next())
    if (JSON.stringify(event.data).includes(`"${name}"`)) return
  throw new Error('the stream of changes ended')
}
