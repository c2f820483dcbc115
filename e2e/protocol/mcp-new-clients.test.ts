import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freshName, rest, startTwo, type TwoInstances, textOf, WITHOUT_POLL } from './mcp-apps.ts'

/** The 2.x SDK's client: in the newest revision, in its choice, and in the older ones. */

let apps: TwoInstances
beforeAll(async () => {
  apps = await startTwo(WITHOUT_POLL)
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
    // The stream of the client before would be taken for that of this one.
    await vi.waitUntil(async () => (await openStreams()) === 0, 30_000)
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
    expect(rendered).not.toHaveProperty('structuredContent')
    expect(rendered._meta).toMatchObject({ version: 1, label: 'production' })
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

  it('hears at once of a change on another instance', async () => {
    heard = 0
    const { promise: told, resolve } = Promise.withResolvers<void>()
    hear = resolve
    await expect.poll(openStreams).toBeGreaterThan(0)
    await rest(apps.second, 'POST', '/api/prompts', { name: freshName('told'), template_content: 'Hello.' })
    await told
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

  it('shows what has a label, in the version of that label, once something has it', async () => {
    const staging = () => connect({ versionNegotiation: { mode: 'auto' } }, '?label=staging')
    await expect(staging()).rejects.toThrow(/No prompt has the label "staging".*production/)
    const name = freshName('staged')
    await rest(apps.first, 'POST', '/api/prompts', { name, template_content: 'First.' })
    const author = await connect({ versionNegotiation: { mode: 'auto' } })
    await author.callTool({
      name: 'update_prompt_template',
      arguments: { template_name: name, base_version: 1, template_content: 'Second.' },
    })
    await moveLabel(name, 'staging', 2)
    const client = await staging()
    expect((await client.listPrompts()).prompts.map((prompt) => prompt.name)).toEqual([name])
    expect(JSON.stringify(await client.getPrompt({ name }))).toContain('Second.')
    expect(JSON.stringify(await author.getPrompt({ name }))).toContain('First.')
    await Promise.all([client.close(), author.close()])
  })
})

describe('what the newest revision adds', () => {
  it('a form for what is missing, which the user fills in', async () => {
    const client = await connect({
      versionNegotiation: { mode: 'auto' },
      capabilities: { elicitation: { form: {} } },
    })
    const forms: unknown[] = []
    client.setRequestHandler('elicitation/create', ({ params }) => {
      forms.push(params)
      return { action: 'accept', content: { problem_statement: 'a filled-in problem' } }
    })
    const got = await client.getPrompt({ name: 'chain_of_thought' })
    expect(JSON.stringify(got.messages)).toContain('a filled-in problem')
    const rendered = await client.callTool({
      name: 'render_prompt',
      arguments: { template_name: 'chain_of_thought' },
    })
    expect(textOf(rendered)).toContain('a filled-in problem')
    expect(forms).toMatchObject(
      Array.from({ length: 2 }, () => ({ requestedSchema: { required: ['problem_statement'] } })),
    )
    await client.close()
  })

  it('word of a watched prompt when its label moves on another instance', async () => {
    const name = freshName('watched')
    await rest(apps.first, 'POST', '/api/prompts', { name, template_content: 'First.' })
    const { etag } = (await rest(apps.first, 'GET', `/api/prompts/${name}`)) as { etag: string }
    await fetch(`${apps.first.url}/api/prompts/${name}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': etag },
      body: JSON.stringify({ template_content: 'Second.' }),
    })
    const client = await connect({ versionNegotiation: { mode: 'auto' } })
    const uri = `prompt://${name}`
    const told = new Promise<unknown>((resolve) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params))
    })
    await client.listen({ resourceSubscriptions: [uri] })
    await moveLabel(name, 'production', 2, apps.second)
    expect(await told).toMatchObject({ uri })
    const { contents } = await client.readResource({ uri })
    expect(JSON.stringify(contents)).toContain('Second.')
    await client.close()
  })
})

describe('what clients look for around the endpoint', () => {
  it.each([
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/api/mcp',
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration',
  ])('is a small answer in JSON where it is not there: %s', async (path) => {
    const answer = await fetch(`${apps.first.url}${path}`)
    const text = await answer.text()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('json'),
    ])
    expect(text.length).toBeLessThan(1000)
  })

  it('has the picture that the server names', async () => {
    const client = await connect({ versionNegotiation: { mode: 'auto' } })
    const [icon] = client.getServerVersion()?.icons ?? []
    const answer = await fetch(new URL(new URL(icon?.src ?? '').pathname, apps.first.url))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    await client.close()
  })
})

async function moveLabel(name: string, label: string, version: number, app = apps.first): Promise<void> {
  const { etag } = (await rest(app, 'GET', `/api/prompts/${name}`)) as { etag: string }
  const moved = await fetch(`${app.url}/api/prompts/${name}/labels/${label}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': etag },
    body: JSON.stringify({ version }),
  })
  expect(moved.status).toBe(200)
}

/** Open notification streams of the first instance, as its metrics tell. */
async function openStreams(): Promise<number> {
  const text = await (await fetch(`${apps.first.url}/metrics`)).text()
  return Number(/^incipit_streams\{kind="mcp"\} (\d+)/m.exec(text)?.[1] ?? 0)
}
