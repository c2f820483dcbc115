import {
  Client as NewClient,
  StreamableHTTPClientTransport as NewTransport,
} from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { rest, textOf } from './mcp-apps.ts'

/** `generate` and `get_generation` as real clients call them, with the built-in provider that is no model. */

let app: RunningApp
beforeAll(async () => {
  app = await startApp()
  for (const [name, lines] of [
    ['long_story', 40],
    ['short_story', 3],
  ] as const)
    await rest(app, 'POST', '/api/prompts', {
      name,
      template_content: `Tell of {{ who }}. ${'And so on. '.repeat(lines)}`,
    })
})
afterAll(() => app.stop())

interface Progress {
  progress: number
  message?: string | undefined
}

/** Calls a tool; `hear` makes the client ask for progress. */
type CallTool = (name: string, args: object, hear?: (progress: Progress) => void) => Promise<object>

interface Connected {
  call: CallTool
  list(): Promise<{ name: string; annotations?: object | undefined }[]>
  close(): Promise<void>
}

async function newClient(mode: 'legacy' | { pin: '2026-07-28' }): Promise<Connected> {
  const client = new NewClient({ name: 'newer', version: '2.4.0' }, { versionNegotiation: { mode } })
  await client.connect(new NewTransport(new URL(`${app.url}/api/mcp`)))
  const call: CallTool = (name, args, hear) =>
    client.callTool({ name, arguments: { ...args } }, hear && { onprogress: hear })
  return { call, list: async () => (await client.listTools()).tools, close: () => client.close() }
}

async function oldClient(): Promise<Connected> {
  const client = new OldClient({ name: 'older', version: '1.32.2' })
  await client.connect(new OldTransport(new URL(`${app.url}/api/mcp`)))
  const call: CallTool = (name, args, hear) =>
    client.callTool({ name, arguments: { ...args } }, undefined, hear && { onprogress: hear })
  return { call, list: async () => (await client.listTools()).tools, close: () => client.close() }
}

const ARGS = { template_name: 'long_story', variables: { who: 'Ada' } }

describe.each([
  ['the newer client in 2026-07-28', () => newClient({ pin: '2026-07-28' })],
  ['the newer client with a handshake', () => newClient('legacy')],
  ['the older client', oldClient],
] as const)('%s', (_, connect) => {
  let client: Connected
  beforeAll(async () => {
    client = await connect()
  })
  afterAll(() => client.close())

  it('is told that generating reaches beyond the registry', async () => {
    const tools = await client.list()
    expect(tools.find(({ name }) => name === 'generate')?.annotations).toMatchObject({
      readOnlyHint: false,
      openWorldHint: true,
    })
    expect(tools.find(({ name }) => name === 'get_generation')?.annotations).toMatchObject({
      readOnlyHint: true,
    })
  })

  it('gets the text, and hears how it gets on', async () => {
    const heard: Progress[] = []
    const answer = await client.call(
      'generate',
      { ...ARGS, wait_seconds: 40 },
      (each) => void heard.push(each),
    )
    expect(textOf(answer)).toContain('Tell of Ada.')
    expect(answer).toMatchObject({ structuredContent: { status: 'succeeded', configuration: 'echo' } })
    const steps = heard.map(({ progress }) => progress)
    expect(steps.length).toBeGreaterThan(2)
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b))
    expect(heard.at(-1)?.message).toMatch(/ is running: echo has answered \d+ characters$/)
  })

  it('gets a handle for a long one, and the text by it', async () => {
    const handle = await client.call('generate', { ...ARGS, template_name: 'short_story', wait_seconds: 0 })
    expect(textOf(handle)).toMatch(/ is queued\. Call get_generation with this id/)
    const { id } = (handle as { structuredContent: { id: string } }).structuredContent
    const read = () => client.call('get_generation', { id })
    await expect
      .poll(read, { timeout: 30_000, interval: 200 })
      .toMatchObject({ structuredContent: { status: 'succeeded' } })
    expect(textOf(await read())).toContain('Tell of Ada.')
  })

  it('is told what is wrong in words to act on', async () => {
    const missing = await client.call('generate', { template_name: 'long_story' })
    expect(missing).toMatchObject({ isError: true })
    expect(textOf(missing)).toContain('who')
    const unknown = await client.call('generate', { ...ARGS, configuration: 'nobody' })
    expect(textOf(unknown)).toContain('echo')
    const nobody = await client.call('get_generation', { id: '018f0000-0000-7000-8000-000000000000' })
    expect(nobody).toMatchObject({ isError: true })
  })
})
