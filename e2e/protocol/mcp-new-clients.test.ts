import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshName, rest, startTwo, type TwoInstances, textOf } from './mcp-apps.ts'

/** The 2.x SDK's client: in the newest revision, in its choice, and in the older ones. */

let apps: TwoInstances
beforeAll(async () => {
  apps = await startTwo()
})
afterAll(() => apps.stop())

async function connect(options: ClientOptions, query = ''): Promise<Client> {
  const client = new Client({ name: 'newer-client', version: '2.4.0' }, options)
  await client.connect(new StreamableHTTPClientTransport(new URL(`${apps.first.url}/api/mcp${query}`)))
  return client
}

describe.each([
  ['pinned to 2026-07-28', { pin: '2026-07-28' }, '2026-07-28'],
  ['choosing by itself', 'auto', '2026-07-28'],
  ['shaking hands', 'legacy', '2025-11-25'],
] as const)('%s', (_, mode, revision) => {
  let client: Client
  let heard = 0
  let hear: () => void = () => undefined
  beforeAll(async () => {
    const onChanged = () => {
      heard += 1
      hear()
    }
    client = await connect({
      versionNegotiation: { mode },
      listChanged: { prompts: { autoRefresh: false, debounceMs: 0, onChanged } },
    })
  })
  afterAll(() => client.close())

  it(`speaks ${revision}`, () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(revision)
    expect(client.getServerVersion()).toMatchObject({ name: 'incipit' })
  })

  it('lists, gets and renders', async () => {
    const { prompts } = await client.listPrompts()
    expect(prompts.map(({ name }) => name)).toContain('chain_of_thought')
    const rendered = await client.getPrompt({
      name: 'business_logic_implementation',
      arguments: { business_domain: 'e-commerce', requirements: 'user authentication' },
    })
    expect(JSON.stringify(rendered.messages)).toContain('e-commerce')
    expect(rendered._meta).toMatchObject({ version: 1, label: 'production' })
  })

  it('calls tools whose answers fit their schemas', async () => {
    const name = freshName('new')
    // The client checks structured content against the output schema once it has listed the tools.
    await client.listTools()
    const create = await client.callTool({
      name: 'create_prompt_template',
      arguments: { name, template_content: '{{ n | plus: 1 }}', variables: [{ name: 'n', type: 'integer' }] },
    })
    expect(create.structuredContent).toMatchObject({ name, version: 1, labels: { production: 1 } })
    const rendered = await client.callTool({
      name: 'render_prompt',
      arguments: { template_name: name, variables: { n: '41' } },
    })
    expect(textOf(rendered)).toBe('42')
    expect(rendered.structuredContent).toMatchObject({ name, version: 1, label: 'production' })
    for (const [tool, args] of [
      ['get_prompt', { template_name: name }],
      ['search_prompts', { query: name }],
      ['list_categories', {}],
    ] as const) {
      const answer = await client.callTool({ name: tool, arguments: args })
      expect({ tool, failed: answer.isError ?? false }).toEqual({ tool, failed: false })
      expect(answer).toHaveProperty('structuredContent')
    }
    const failed = await client.callTool({ name: 'render_prompt', arguments: { template_name: name } })
    expect([failed.isError, textOf(failed)]).toEqual([true, expect.stringContaining('n')])
  })

  it('reads resources, and is told what does not exist', async () => {
    const { contents } = await client.readResource({ uri: 'category://techniques' })
    expect(contents).toMatchObject([{ text: expect.stringContaining('chain_of_thought') }])
    await expect(client.readResource({ uri: 'prompt://nobody' })).rejects.toMatchObject({
      code: -32602,
      data: { uri: 'prompt://nobody' },
    })
  })

  it('hears of a change on another instance within a second', async () => {
    heard = 0
    const told = new Promise<number>((resolve) => {
      hear = () => resolve(performance.now())
    })
    await expect.poll(() => openStreams()).toBeGreaterThan(0)
    await rest(apps.second, 'POST', '/api/prompts', { name: freshName('told'), template_content: 'Hello.' })
    const changed = performance.now()
    expect((await told) - changed).toBeLessThan(1000)
  })
})

describe('an address that narrows', () => {
  it('shows one category', async () => {
    const client = await connect({ versionNegotiation: { mode: 'auto' } }, '?category=techniques')
    const { prompts } = await client.listPrompts()
    const names = prompts.map(({ name }) => name)
    expect(names).toContain('zero_shot')
    expect(names).not.toContain('api_design')
    await expect(client.getPrompt({ name: 'api_design' })).rejects.toMatchObject({ code: -32602 })
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri)).not.toContain('category://data')
    const search = await client.callTool({ name: 'search_prompts', arguments: { query: 'design' } })
    expect(JSON.stringify(search.structuredContent)).not.toContain('"api_design"')
    const rendered = await client.callTool({
      name: 'render_prompt',
      arguments: { template_name: 'api_design', variables: {} },
    })
    expect(rendered.isError).toBe(true)
    await client.close()
  })

  it('shows what has a label, in the version of that label', async () => {
    const name = freshName('staged')
    await rest(apps.first, 'POST', '/api/prompts', { name, template_content: 'First.' })
    const client = await connect({ versionNegotiation: { mode: 'auto' } }, '?label=staging')
    expect((await client.listPrompts()).prompts.map((prompt) => prompt.name)).not.toContain(name)
    const author = await connect({ versionNegotiation: { mode: 'auto' } })
    await author.callTool({
      name: 'update_prompt_template',
      arguments: { template_name: name, base_version: 1, template_content: 'Second.' },
    })
    const { etag } = (await rest(apps.first, 'GET', `/api/prompts/${name}`)) as { etag: string }
    await fetch(`${apps.first.url}/api/prompts/${name}/labels/staging`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': etag },
      body: JSON.stringify({ version: 2 }),
    })
    expect((await client.listPrompts()).prompts.map((prompt) => prompt.name)).toEqual([name])
    expect(JSON.stringify(await client.getPrompt({ name }))).toContain('Second.')
    expect(JSON.stringify(await author.getPrompt({ name }))).toContain('First.')
    await Promise.all([client.close(), author.close()])
  })
})

/** Open notification streams of the first instance, as its metrics tell. */
async function openStreams(): Promise<number> {
  const text = await (await fetch(`${apps.first.url}/metrics`)).text()
  return Number(/^incipit_mcp_subscriptions (\d+)/m.exec(text)?.[1] ?? 0)
}
