import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import { type CallingRuntime, callingRuntime } from '../../testing/calling-runtime.ts'
import { threadMsDuring } from '../../testing/time/processor-time.ts'
import { type FoundItem, readSources } from '../formats/index.ts'
import { fetchMcpPrompts } from './mcp.ts'
import { type Double, json, sourceDouble } from './testing.ts'

let app: CallingRuntime
let double: Double

beforeEach(() => {
  app = callingRuntime()
})
afterEach(async () => {
  await double.close()
  await app.close()
})

/** A server of the SDK with prompts of several kinds. */
function server(): McpServer {
  const made = new McpServer({ name: 'other', version: '1' })
  const text = (words: string) => ({
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text: words } }],
  })
  made.registerPrompt(
    'greet',
    {
      title: 'Greet',
      description: 'Greets somebody',
      argsSchema: { who: z.string().describe('Whom'), tone: z.string().optional() },
    },
    ({ who, tone }) => text(`Hello ${who}, {{ braces }} stay.${tone === undefined ? '' : ` Be ${tone}.`}`),
  )
  made.registerPrompt('plain', { description: 'Without arguments' }, () => text('Just say it.'))
  made.registerPrompt('choosy', { argsSchema: { colour: z.enum(['red', 'blue']) } }, ({ colour }) =>
    text(colour),
  )
  return made
}

/** The SDK's transport, which keeps sessions and answers with streams of events or with JSON. */
function sdkServer(enableJsonResponse: boolean): Promise<Double> {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  return sourceDouble(async (request, response) => {
    const id = request.headers['mcp-session-id']
    let transport = typeof id === 'string' ? sessions.get(id) : undefined
    if (transport === undefined) {
      transport = new StreamableHTTPServerTransport({
        enableJsonResponse,
        sessionIdGenerator: () => `s-${sessions.size}`,
        onsessioninitialized: (made) => void sessions.set(made, transport as StreamableHTTPServerTransport),
      })
      await server().connect(transport)
    }
    await transport.handleRequest(request, response)
  })
}

async function read(headers?: Record<string, string>): Promise<FoundItem[]> {
  const files = await fetchMcpPrompts({ url: `${double.url}/mcp`, headers })
  const { items, unread } = readSources(files, {})
  expect(unread).toEqual([])
  return items
}

async function refusal(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isAppError(error)) throw error
  return { code: error.code, message: error.message, path: error.details[0]?.path }
}

/** A server that answers by method. */
function scripted(answers: Record<string, (params: Record<string, unknown>) => unknown>): Promise<Double> {
  return sourceDouble(async (request, response) => {
    if (request.method === 'DELETE') return void response.writeHead(204).end()
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(Buffer.from(piece as Uint8Array))
    const {
      id,
      method,
      params = {},
    } = JSON.parse(Buffer.concat(pieces).toString()) as {
      id?: number
      method: string
      params?: Record<string, unknown>
    }
    if (id === undefined) return void response.writeHead(202).end()
    if (method === 'initialize')
      return json(response, {
        jsonrpc: '2.0',
        id,
        result: { protocolVersion: '2025-06-18', capabilities: { prompts: {} }, serverInfo: {} },
      })
    json(response, { jsonrpc: '2.0', id, ...(answers[method]?.(params) as object) })
  })
}

describe('prompts of another MCP server', () => {
  it.each([
    ['streams of events', false],
    ['JSON', true],
  ])('come with their arguments as variables, over %s', async (_, asJson) => {
    double = await sdkServer(asJson)
    const items = await read()
    expect(items.map(({ name, kind }) => [name, kind])).toEqual([
      ['greet', 'prompt'],
      ['plain', 'prompt'],
      ['choosy', 'refused'],
    ])
    expect(items[0]).toMatchObject({
      format: 'mcp',
      versions: [
        {
          title: 'Greet',
          description: 'Greets somebody',
          messages: [
            {
              role: 'user',
              content: 'Hello {{ who }}{% raw %}, {{ braces }} stay. Be {% endraw %}{{ tone }}.',
            },
          ],
          variables: [
            { name: 'who', description: 'Whom', required: true },
            { name: 'tone', required: false },
          ],
        },
      ],
    })
    expect(items[2]?.notes[0]?.message).toContain('prompts/get: the server refused it')
  })

  it('come over pages, with the headers that somebody gives', async () => {
    double = await scripted({
      'prompts/list': ({ cursor }) => ({
        result:
          cursor === undefined
            ? { prompts: [{ name: 'a', arguments: [] }], nextCursor: '2' }
            : { prompts: [{ name: 'b', arguments: [] }] },
      }),
      'prompts/get': ({ name }) => ({
        result: { messages: [{ role: 'user', content: { type: 'text', text: `I am ${String(name)}` } }] },
      }),
    })
    const inner = double.answer
    const seen = new Set<unknown>()
    double.answer = (request, response) => {
      seen.add(request.headers.authorization)
      return inner(request, response)
    }
    expect((await read({ Authorization: 'Bearer x', Host: 'elsewhere' })).map(({ name }) => name)).toEqual([
      'a',
      'b',
    ])
    expect([...seen]).toEqual(['Bearer x'])
  })

  it('that come in circles end', async () => {
    double = await scripted({ 'prompts/list': () => ({ result: { prompts: [], nextCursor: 'again' } }) })
    expect(await refusal(read())).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('same page'),
    })
  })

  it.each<[string, Double['answer'], string, string]>([
    ['wants keys', (_, response) => void response.writeHead(401).end(), 'unprocessable', 'headers'],
    ['is none', (_, response) => void response.writeHead(404).end(), 'unprocessable', 'no MCP server'],
    ['answers garbage', (_, response) => void response.end('hello'), 'upstream_failed', 'no JSON'],
    [
      'answers another question',
      (_, response) => json(response, { jsonrpc: '2.0', id: 99, result: {} }),
      'upstream_failed',
      'no answer to it',
    ],
    [
      'redirects',
      (_, response) => void response.writeHead(307, { location: '/else' }).end(),
      'upstream_failed',
      'redirect',
    ],
  ])('that %s is refused in words', async (_, answer, code, words) => {
    double = await sourceDouble(answer)
    expect(await refusal(read())).toMatchObject({ code, message: expect.stringContaining(words) })
  })

  it('that keeps its stream open is not waited for', async () => {
    double = await sourceDouble((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(
        'data: {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{}}}\n\n',
      )
    })
    expect(await refusal(read())).toMatchObject({
      code: 'unprocessable',
      message: 'This MCP server has no prompts.',
    })
  })

  const answer = 'data: {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{}}}'
  it.each([
    ['comments without end', ': ping\n\n'.repeat(2000), 1000, `\n${answer}\n\n`],
    ['an end in two parts', `${answer}\r\n\r`, 1, '\n'],
  ])('is read in time and left when it answers: %s', async (_, part, times, last) => {
    double = await sourceDouble(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let sent = 0; sent < times; sent++)
        if (!response.write(part)) await Promise.race([once(response, 'drain'), once(response, 'close')])
      await setImmediate()
      response.write(last)
    })
    const ms = await threadMsDuring(async () =>
      expect(await refusal(read())).toMatchObject({ message: 'This MCP server has no prompts.' }),
    )
    expect(ms).toBeLessThan(5_000)
  })
})
