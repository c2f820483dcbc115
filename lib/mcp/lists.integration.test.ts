import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeManyPrompts } from '../testing/many-prompts.ts'
import { type McpServerForTests, serveMcp } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

const PROMPTS = 10_000

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime()
  mcp = await serveMcp()
  const { workspaceId, ownerId } = app.identity
  await makeManyPrompts(app.database.ownerUrl, { workspaceId, actorId: ownerId, prompts: PROMPTS })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

interface ListResult {
  nextCursor?: string
  prompts?: { name: string }[]
  tools?: { name: string }[]
  resources?: { uri: string }[]
}

async function list(method: string, params: object = {}, query = ''): Promise<ListResult> {
  const reply = await mcp.post({ jsonrpc: '2.0', id: 1, method, params }, {}, `/api/mcp${query}`)
  return (reply.body as { result: ListResult }).result
}

async function all(method: string, query = ''): Promise<ListResult[]> {
  const pages = [await list(method, {}, query)]
  for (let cursor = pages[0]?.nextCursor; cursor !== undefined; cursor = pages.at(-1)?.nextCursor)
    pages.push(await list(method, { cursor }, query))
  return pages
}

describe('lists of ten thousand prompts', () => {
  it('are pages of a thousand, each prompt once and in order', async () => {
    const pages = await all('prompts/list')
    expect(pages[0]?.prompts).toHaveLength(1000)
    const names = pages.flatMap(({ prompts = [] }) => prompts.map(({ name }) => name))
    // One of fifty is archived.
    expect(names).toHaveLength(PROMPTS - PROMPTS / 50)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(names.toSorted())
  })

  it('show the tools after the built-in ones', async () => {
    const tools = (await all('tools/list')).flatMap((page) => page.tools ?? []).map(({ name }) => name)
    expect(tools.slice(0, 2)).toEqual(['search_prompts', 'get_prompt'])
    expect(tools.filter((name) => name === 'render_prompt')).toHaveLength(1)
    expect(tools.length).toBeGreaterThan(90)
  })

  it('show the categories before the sources of prompts', async () => {
    const first = await list('resources/list')
    const uris = first.resources?.map(({ uri }) => uri) ?? []
    expect(uris.filter((uri) => uri.startsWith('category://'))).toHaveLength(20)
    expect(uris.filter((uri) => uri.startsWith('prompt://'))).toHaveLength(1000)
    const second = await list('resources/list', { cursor: first.nextCursor })
    expect(second.resources?.every(({ uri }) => uri.startsWith('prompt://'))).toBe(true)
  })

  it('are narrowed by label and category', async () => {
    const staging = (await all('prompts/list', '?label=staging')).flatMap((page) => page.prompts ?? [])
    expect(staging.length).toBeGreaterThan(0)
    expect(staging.length).toBeLessThanOrEqual(PROMPTS / 500)
    const category = (await all('prompts/list', '?category=category-3')).flatMap((page) => page.prompts ?? [])
    expect(category.length).toBeGreaterThan(0)
    expect(category.length).toBeLessThanOrEqual(PROMPTS / 20)
  })

  it('end a page early where it would grow too large', async () => {
    const { mcp: configured } = app.runtime.config
    const { page_bytes: usual } = configured
    configured.page_bytes = 20_000
    const pages = await all('prompts/list', '?category=category-4')
    configured.page_bytes = usual
    const names = pages.flatMap(({ prompts = [] }) => prompts.map(({ name }) => name))
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(40_000)
    const whole = (await all('prompts/list', '?category=category-4')).flatMap(({ prompts = [] }) => prompts)
    expect(names).toEqual(whole.map(({ name }) => name))
  })

  it('-32602 for a cursor of another list or address', async () => {
    const { nextCursor } = await list('prompts/list')
    for (const [method, query] of [
      ['resources/list', ''],
      ['prompts/list', '?category=category-3'],
      ['prompts/list', '?label=staging'],
    ]) {
      const message = { jsonrpc: '2.0', id: 1, method, params: { cursor: nextCursor } }
      const reply = await mcp.post(message, {}, `/api/mcp${query}`)
      expect(reply.body).toMatchObject({ error: { code: -32602 } })
    }
  })
})
