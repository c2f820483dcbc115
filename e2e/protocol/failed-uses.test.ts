import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Stats } from '#lib/usage/schema.ts'
import type { UsesPage } from '#lib/usage/use-schema.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { rest } from './mcp-apps.ts'

/* Whichever way a refused use came, its reason is on record, with who it was and what was given, and no value. */

let app: RunningApp
let newer: Client
let older: OlderClient

beforeAll(async () => {
  app = await startApp()
  await rest(app, 'POST', '/api/prompts', {
    name: 'letter',
    template_content: 'Dear {{ who }}, {{ tone }}',
    publish: { prompt: true, tool: true },
  })
  await rest(app, 'POST', '/api/categories', { slug: 'elsewhere', name: 'Elsewhere' })
  newer = new Client({ name: 'newer-client', version: '2.4.0' }, { versionNegotiation: { mode: 'auto' } })
  await newer.connect(new StreamableHTTPClientTransport(new URL(`${app.url}/api/mcp`)))
  older = new OlderClient({ name: 'older-client', version: '1.32.2' })
  await older.connect(new OlderTransport(new URL(`${app.url}/api/mcp`)))
})
afterAll(async () => {
  await newer.close()
  await older.close()
  await app.stop()
})

const uses = async (query: string) => (await rest(app, 'GET', `/api/uses?${query}`)) as UsesPage

/** What is on record of the next uses after some work, once there are so many. */
async function recorded(count: number, work: () => Promise<unknown>): Promise<UsesPage['items']> {
  const before = new Set((await uses('limit=200')).items.map(({ id }) => id))
  await work()
  return vi.waitFor(
    async () => {
      const fresh = (await uses('limit=200')).items.filter(({ id }) => !before.has(id))
      expect(fresh).toHaveLength(count)
      return fresh
    },
    { timeout: 10_000, interval: 100 },
  )
}

const post = (path: string, body: unknown) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'integrator/1.0' },
    body: JSON.stringify(body),
  })
const call = (method: string, params: object) =>
  post(`/mcp/${method}`, { jsonrpc: '2.0', id: 1, method, params })
const given = { who: 'a secret name' }

describe('a use that lacks a variable', () => {
  it.each([
    ['prompts/get', () => newer.getPrompt({ name: 'letter', arguments: given }), 'newer-client', 'get'],
    [
      'prompts/get of an older client',
      () => older.getPrompt({ name: 'letter', arguments: given }),
      // Where it has no session it says its name once, when it connects; afterwards its User-Agent counts.
      'node',
      'get',
    ],
    ['POST /mcp/prompts/get', () => call('prompts/get', { name: 'letter', arguments: given }), null, 'get'],
    ['GET render', () => fetch(`${app.url}/api/prompts/letter/render?who=a+secret+name`), null, 'render'],
    ['POST render', () => post('/api/prompts/letter/render', { variables: given }), null, 'render'],
    [
      'render_prompt',
      () =>
        newer.callTool({ name: 'render_prompt', arguments: { template_name: 'letter', variables: given } }),
      'newer-client',
      'tool',
    ],
    [
      'a prompt published as a tool',
      () => newer.callTool({ name: 'letter', arguments: given }),
      'newer-client',
      'tool',
    ],
  ] as const)('keeps its reason: %s', async (_, work, client, operation) => {
    const [use] = await recorded(1, () => Promise.resolve(work()).catch(() => undefined))
    expect(use).toMatchObject({
      operation,
      prompt: 'letter',
      version: 1,
      label: 'production',
      outcome: 'unprocessable',
      reasons: [{ code: 'missing', variable: 'tone' }],
      variables: ['who'],
      values: null,
      ...(client !== null && { client }),
    })
    expect(use?.request_id).toEqual(expect.any(String))
    expect(JSON.stringify(use)).not.toContain('secret name')
  })
})

describe('a use that finds nothing', () => {
  it.each([
    ['prompts/get', () => newer.getPrompt({ name: 'lettre' }), 'lettre', null],
    ['prompts/get of an older client', () => older.getPrompt({ name: 'lettre' }), 'lettre', null],
    [
      'GET render',
      () => fetch(`${app.url}/api/prompts/letter/render?_label=staging`),
      'letter@staging',
      'letter',
    ],
    ['GET', () => fetch(`${app.url}/api/prompts/lettre`), 'lettre', null],
    [
      'render_prompt',
      () => newer.callTool({ name: 'render_prompt', arguments: { template_name: 'letter', version: 9 } }),
      'letter@9',
      'letter',
    ],
  ] as const)('says what it asked for: %s', async (_, work, asked, prompt) => {
    const [use] = await recorded(1, () => Promise.resolve(work()).catch(() => undefined))
    expect(use).toMatchObject({
      asked,
      prompt,
      outcome: 'not_found',
      reasons: [{ code: 'not_found', variable: null }],
    })
  })

  it('is counted behind an address that shows another category', async () => {
    const narrow = new Client({ name: 'narrow', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await narrow.connect(new StreamableHTTPClientTransport(new URL(`${app.url}/api/mcp?category=elsewhere`)))
    const found = await recorded(2, async () => {
      await narrow.getPrompt({ name: 'letter', arguments: given }).catch(() => undefined)
      await narrow.callTool({ name: 'render_prompt', arguments: { template_name: 'letter' } })
    })
    await narrow.close()
    for (const use of found)
      expect(use).toMatchObject({ client: 'narrow', prompt: 'letter', asked: 'letter' })
    expect(found.map(({ operation }) => operation).toSorted()).toEqual(['get', 'tool'])
  })
})

it('adds up in the statistics', async () => {
  const counted = async () => {
    const { failures } = (await rest(app, 'GET', '/api/stats?prompt=letter&client=node')) as Stats
    return failures.find(({ code, variable }) => code === 'missing' && variable === 'tone')
  }
  const before = (await counted())?.count ?? 0
  await recorded(2, async () => {
    for (let n = 0; n < 2; n++)
      await older.getPrompt({ name: 'letter', arguments: given }).catch(() => undefined)
  })
  expect(await counted()).toMatchObject({ count: before + 2, version: 1, since_version: 1 })
})
