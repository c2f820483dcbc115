import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshName, rest, startTwo, type TwoInstances, textOf, WITHOUT_POLL } from './mcp-apps.ts'

/** The 1.x SDK's client, the real older client, in each revision with a handshake. */

let apps: TwoInstances
beforeAll(async () => {
  apps = await startTwo(WITHOUT_POLL)
})
afterAll(() => apps.stop())

/** The 1.x client always asks for its newest revision; this changes what it says in `initialize`. */
function asking(revision: string): typeof fetch {
  return (input, init) => {
    const { body } = init ?? {}
    if (typeof body !== 'string' || !body.includes('"method":"initialize"')) return fetch(input, init)
    const changed = body.replace(/"protocolVersion":"[^"]*"/, `"protocolVersion":"${revision}"`)
    return fetch(input, { ...init, body: changed })
  }
}

async function connect(revision: string, query = ''): Promise<Client> {
  const client = new Client({ name: 'older-client', version: '1.32.2' })
  const url = new URL(`${apps.first.url}/api/mcp${query}`)
  await client.connect(new StreamableHTTPClientTransport(url, { fetch: asking(revision) }))
  return client
}

describe.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('revision %s', (revision) => {
  let client: Client
  beforeAll(async () => {
    client = await connect(revision)
  })
  afterAll(() => client.close())

  it('shakes hands', () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'incipit' })
    expect(client.getServerCapabilities()).toMatchObject({
      prompts: { listChanged: true },
      tools: { listChanged: true },
      resources: { listChanged: true },
      completions: {},
    })
    expect(client.getInstructions()).toContain('prompts')
  })

  it('lists the seeded prompts and gets one rendered', async () => {
    const { prompts } = await client.listPrompts()
    const listed = prompts.find(({ name }) => name === 'business_logic_implementation')
    expect(listed?.arguments).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'business_domain', required: true }),
        expect.objectContaining({ name: 'constraints', required: false }),
      ]),
    )
    const rendered = await client.getPrompt({
      name: 'business_logic_implementation',
      arguments: { business_domain: 'e-commerce', requirements: 'user authentication' },
    })
    expect(JSON.stringify(rendered.messages)).toContain('e-commerce')
    expect(rendered._meta).toMatchObject({ version: 1, label: 'production' })
    // The name of the original system's examples.
    const alias = { name: 'business_logic', arguments: { business_domain: 'x', requirements: 'y' } }
    expect((await client.getPrompt(alias)).messages.length).toBeGreaterThan(0)
  })

  it('names what is wrong with the arguments', async () => {
    await expect(client.getPrompt({ name: 'business_logic_implementation' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('business_domain'),
    })
  })

  it('creates, reads, changes and renders a prompt with the tools', async () => {
    const name = freshName('old')
    const { tools } = await client.listTools()
    expect(tools.map((tool) => tool.name)).toEqual(
      expect.arrayContaining(['render_prompt', 'create_prompt_template', 'search_prompts']),
    )
    const created = await client.callTool({
      name: 'create_prompt_template',
      arguments: {
        name,
        description: 'Greets somebody',
        category: 'communication',
        template_content: 'Hello {{ who }}.',
        variables: ['who'],
      },
    })
    expect(created).not.toHaveProperty('isError')
    const update = { template_name: name, base_version: 1, template_content: 'Good day, {{ who }}.' }
    expect(textOf(await client.callTool({ name: 'update_prompt_template', arguments: update }))).toContain(
      'version 2',
    )
    const stale = await client.callTool({ name: 'update_prompt_template', arguments: update })
    expect(stale.isError).toBe(true)
    expect(textOf(stale)).toContain('get_prompt')
    const render = (more: object) =>
      client.callTool({
        name: 'render_prompt',
        arguments: { template_name: name, variables: { who: 'you' }, ...more },
      })
    // No label moved: agents still get the first version.
    expect(textOf(await render({}))).toBe('Hello you.')
    expect(textOf(await render({ version: 2 }))).toBe('Good day, you.')
    const found = await client.callTool({ name: 'search_prompts', arguments: { query: name } })
    expect(textOf(found)).toContain(name)
  })

  it('reads resources and completes', async () => {
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(['category://data', 'prompt://api_design']),
    )
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('prompt://{name}')
    const { contents } = await client.readResource({ uri: 'prompt://api_design/versions/1' })
    expect(contents).toMatchObject([{ mimeType: 'text/markdown', text: expect.stringContaining('# ') }])
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'prompt://{name}' },
      argument: { name: 'name', value: 'api' },
    })
    expect(completion.values).toContain('api_design')
  })

  it('hears at once of a change on another instance', async () => {
    const heard = new Set<string>()
    const { promise: all, resolve } = Promise.withResolvers<void>()
    const hear = ({ method }: { method: string }) => {
      heard.add(method)
      if (heard.size === 3) resolve()
    }
    client.setNotificationHandler(PromptListChangedNotificationSchema, hear)
    client.setNotificationHandler(ToolListChangedNotificationSchema, hear)
    client.setNotificationHandler(ResourceListChangedNotificationSchema, hear)
    // The client opens its stream by itself after the handshake.
    await expect.poll(() => streamsOf(apps.first)).toBeGreaterThan(0)
    const name = freshName('heard')
    await rest(apps.second, 'POST', '/api/prompts', {
      name,
      template_content: 'Hello.',
      publish: { tool: true },
    })
    await all
    expect((await client.getPrompt({ name })).messages).toHaveLength(1)
    const called = await client.callTool({ name, arguments: {} })
    expect(textOf(called)).toBe('Hello.')
  })
})

/** Open notification streams of an instance, as its metrics tell. */
async function streamsOf(app: { url: string }): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text()
  return Number(/^incipit_streams\{kind="mcp"\} (\d+)/m.exec(text)?.[1] ?? 0)
}
