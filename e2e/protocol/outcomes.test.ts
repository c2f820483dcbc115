import {
  Client as NewClient,
  StreamableHTTPClientTransport as NewTransport,
} from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freshName, rest, startTwo, type TwoInstances } from './mcp-apps.ts'

/* Real clients take the receipt of what they got, and tell what came of it; at two instances. */

/** The instances have no folder in common. */
const SECRET = 'outcomes-of-two-instances-0123456789'

let apps: TwoInstances
beforeAll(async () => {
  apps = await startTwo({ INCIPIT_SECRET: SECRET })
})
afterAll(() => apps.stop())

const Meta = z.object({ receipt: z.string(), version: z.number() })
const Report = z.object({ id: z.string(), change: z.string(), outcome: z.string() })

interface Agent {
  get(name: string): Promise<unknown>
  call(name: string, args: Record<string, unknown>): Promise<{ _meta?: unknown; structuredContent?: unknown }>
  close(): Promise<void>
}

async function newAgent(): Promise<Agent> {
  const client = new NewClient({ name: 'new-agent', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new NewTransport(new URL(`${apps.first.url}/api/mcp`)))
  // The client checks structured content against the output schema once it has listed the tools.
  await client.listTools()
  return {
    get: async (name) => (await client.getPrompt({ name, arguments: { who: 'you' } }))._meta,
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  }
}

async function oldAgent(): Promise<Agent> {
  const client = new OldClient({ name: 'old-agent', version: '1' })
  await client.connect(new OldTransport(new URL(`${apps.first.url}/api/mcp`)))
  await client.listTools()
  return {
    get: async (name) => (await client.getPrompt({ name, arguments: { who: 'you' } }))._meta,
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  }
}

async function makePrompt(): Promise<string> {
  const name = freshName('judged')
  const publish = { prompt: true, tool: true }
  const text = 'Hello {{ who }}'
  await rest(apps.first, 'POST', '/api/prompts', { name, template_content: text, publish })
  return name
}

const Listed = z.object({
  items: z.array(z.looseObject({ id: z.string(), client: z.string().nullable(), operation: z.string() })),
})
const reportsOf = async (name: string) =>
  Listed.parse(await rest(apps.second, 'GET', `/api/outcomes?prompt=${name}`)).items

describe.each([
  ['the 2.x SDK', newAgent, 'new-agent'],
  // Where it has no session it says its name once, when it connects; afterwards its User-Agent counts.
  ['the 1.x SDK', oldAgent, 'node'],
] as const)('an agent over %s', (_, connect, client) => {
  let agent: Agent
  beforeAll(async () => {
    agent = await connect()
  })
  afterAll(() => agent.close())

  it('gets a receipt with each prompt and tells what came of it', async () => {
    const name = await makePrompt()
    const one = Meta.parse(await agent.get(name))
    const other = Meta.parse(await agent.get(name))
    expect(one.receipt).not.toBe(other.receipt)
    const told = { outcome: 'success', score: 0.9, note: 'Fine', metadata: { run: 1 } }
    const report = async () => {
      const { structuredContent } = await agent.call('report_outcome', { receipt: one.receipt, ...told })
      return Report.parse(structuredContent)
    }
    const first = await report()
    expect(first).toMatchObject({ change: 'new', outcome: 'success' })
    expect(await report()).toEqual({ ...first, change: 'unchanged' })
    const reports = await reportsOf(name)
    expect(reports).toMatchObject([
      { ...told, id: first.id, client, operation: 'get', version: 1, label: 'production' },
    ])
    // Who reads reports cannot report in their place.
    expect(reports[0]).not.toHaveProperty('receipt')
  })

  it('gets one with what tools render', async () => {
    const name = await makePrompt()
    const answers = [
      await agent.call('render_prompt', { template_name: name, variables: { who: 'you' } }),
      await agent.call(name, { who: 'you' }),
    ]
    for (const { _meta } of answers) {
      const { receipt } = Meta.parse(_meta)
      await agent.call('report_outcome', { receipt, outcome: 'failure' })
    }
    expect((await reportsOf(name)).map(({ operation }) => operation)).toEqual(['tool', 'tool'])
  })

  it('is told what is wrong with a receipt', async () => {
    const answer = await agent.call('report_outcome', { receipt: 'made-up', outcome: 'success' })
    expect(answer).toMatchObject({ isError: true })
    expect(JSON.stringify(answer)).toContain('no receipt of this workspace')
  })
})

async function post(app: { url: string }, body: unknown): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${app.url}/api/outcomes`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const Rendered = z.object({ receipt: z.string(), content: z.string() })

describe('over REST', () => {
  it('each render has its own receipt, whichever way it is asked for', async () => {
    const path = `/api/prompts/${await makePrompt()}/render`
    const answers = [
      await rest(apps.first, 'GET', `${path}?who=you`),
      await rest(apps.first, 'POST', path, { variables: { who: 'you' } }),
      await rest(apps.second, 'POST', path, { variables: { who: 'you' }, label: 'latest' }),
    ].map((answer) => Rendered.parse(answer))
    expect(new Set(answers.map(({ receipt }) => receipt)).size).toBe(3)
    expect(new Set(answers.map(({ content }) => content)).size).toBe(1)
    expect(await rest(apps.first, 'POST', '/api/render', { template_content: 'Hi' })).not.toHaveProperty(
      'receipt',
    )
  })

  it('a report that is sent many times to both instances is kept once', async () => {
    const name = await makePrompt()
    const { receipt } = Rendered.parse(await rest(apps.first, 'GET', `/api/prompts/${name}/render?who=you`))
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        post(n % 2 === 0 ? apps.first : apps.second, { receipt, outcome: 'success' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(29)
    expect(await reportsOf(name)).toHaveLength(1)
    expect(await rest(apps.second, 'GET', `/api/prompts/${name}/quality`)).toMatchObject({
      versions: [{ version: 1, reported: 1, successes: 1, too_few: true }],
    })
    expect(await post(apps.second, { receipt, outcome: 'failure' })).toMatchObject({
      status: 200,
      body: { change: 'replaced' },
    })
  })

  it.each([
    ['forged', { receipt: 'A'.repeat(119) }, 422],
    ['odd', { receipt: 'é\u0001' }, 422],
    ['empty', { receipt: '' }, 400],
    ['endless', { receipt: 'A'.repeat(5000) }, 400],
    ['of another shape', { receipt: { a: 1 } }, 400],
    ['with a score of another scale', { receipt: 'A'.repeat(119), score: 5 }, 400],
    ['with a note that cannot be kept', { receipt: 'A'.repeat(119), note: 'a\0b' }, 400],
    ['with metadata that cannot be kept', { receipt: 'A'.repeat(119), metadata: { x: '\ud800' } }, 400],
  ])('one that is %s is refused', async (_, body, status) => {
    expect((await post(apps.first, { outcome: 'success', ...body })).status).toBe(status)
  })

  it('reports come as a file', async () => {
    const response = await fetch(`${apps.first.url}/api/outcomes?format=csv`)
    expect(response.headers.get('content-type')).toContain('text/csv')
    expect((await response.text()).split('\r\n')[0]).toContain('id,reported_at,used_at,prompt,version')
  })
})
