import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCategory } from '../../categories/operations/create-category.ts'
import { createPrompt } from '../../prompts/operations/create-prompt.ts'
import { createVersion } from '../../prompts/operations/create-version.ts'
import { setLabel } from '../../prompts/operations/set-label.ts'
import { getRuntime, setRuntime } from '../../runtime.ts'
import { type EventStream, openEvents } from '../../testing/event-stream.ts'
import { ENVELOPE, type McpServerForTests, serveMcp, statelessHeaders } from '../../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { subscriptions } from '../subscriptions.ts'

let app: TestRuntime
let mcp: McpServerForTests
const streams: EventStream[] = []
let count = 0

beforeAll(async () => {
  app = await testRuntime({ feed: true })
  mcp = await serveMcp()
})
afterEach(async () => {
  await Promise.all(streams.splice(0).map((stream) => stream.close()))
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

async function get(query = '', headers: Record<string, string> = {}): Promise<EventStream> {
  const stream = await openEvents(`${mcp.url}/api/mcp${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
  })
  streams.push(stream)
  return stream
}

async function listen(notifications: unknown, query = ''): Promise<EventStream> {
  const stream = await openEvents(`${mcp.url}/api/mcp${query}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...statelessHeaders('subscriptions/listen', {}),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'sub-1',
      method: 'subscriptions/listen',
      params: { notifications, _meta: ENVELOPE },
    }),
  })
  streams.push(stream)
  return stream
}

function newPrompt(tool = false) {
  count += 1
  return createPrompt(app.actor(), {
    name: `stream_${count}`,
    template_content: 'Hello {{ who }}.',
    publish: { tool },
  })
}

async function methods(stream: EventStream, howMany: number): Promise<string[]> {
  const found: string[] = []
  while (found.length < howMany) found.push(String((await stream.next())?.method))
  return found.toSorted((a, b) => a.localeCompare(b))
}

describe('the stream of a GET', () => {
  it('tells changed lists', async () => {
    const stream = await get('', { 'mcp-protocol-version': '2025-06-18' })
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    await newPrompt()
    expect(await methods(stream, 2)).toEqual([
      'notifications/prompts/list_changed',
      'notifications/resources/list_changed',
    ])
    await newPrompt(true)
    expect(await methods(stream, 3)).toContain('notifications/tools/list_changed')
  })

  it('tells only what changes under its label', async () => {
    const staging = await get('?label=staging')
    const { name } = await newPrompt()
    const version = await createVersion(app.actor(), {
      name,
      base_version: 1,
      template_content: 'Hi {{ who }}.',
      description: 'A new one',
    })
    await setLabel(app.actor(), { name, label: 'staging', version: 2, if_match: version.etag })
    // Had the prompt itself been told before, there would be more than these two.
    expect(await methods(staging, 2)).toEqual([
      'notifications/prompts/list_changed',
      'notifications/resources/list_changed',
    ])
  })

  it('refuses more streams than allowed', async () => {
    const full = vi.spyOn(subscriptions(), 'isFullFor').mockReturnValue(true)
    const refused = await get()
    full.mockRestore()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
  })

  it('frees its place when the client goes', async () => {
    const before = subscriptions().size
    const stream = await get()
    expect(subscriptions().size).toBe(before + 1)
    await stream.close()
    await expect.poll(() => subscriptions().size).toBe(before)
  })
})

describe('subscriptions/listen', () => {
  const META = { 'io.modelcontextprotocol/subscriptionId': 'sub-1' }

  it('acknowledges, then tells what was asked for with the subscription', async () => {
    const stream = await listen({ promptsListChanged: true, toolsListChanged: false })
    expect(await stream.next()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: { promptsListChanged: true }, _meta: META },
    })
    await newPrompt(true)
    expect(await stream.next()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/prompts/list_changed',
      params: { _meta: META },
    })
  })

  it('ends at once when nothing of the filter can be served', async () => {
    const stream = await listen({ resourceSubscriptions: ['prompt://a', 'file:///etc/hosts'] })
    expect(await stream.next()).toMatchObject({ params: { notifications: {} } })
    expect(await stream.next()).toMatchObject({
      id: 'sub-1',
      result: { resultType: 'complete', _meta: META },
    })
    expect(await stream.next()).toBeUndefined()
  })

  it('tells of watched resources when a label moves, and of no others', async () => {
    const watched = await newPrompt()
    const other = await newPrompt()
    await createCategory(app.actor(), { slug: 'watched', name: 'Watched' })
    const uris = [`PROMPT://${watched.name}`, `prompt://${watched.name}/versions/1`, 'category://watched']
    const stream = await listen({ resourceSubscriptions: [...uris, 'prompt://nobody', 'category://nope'] })
    expect(await stream.next()).toMatchObject({
      params: { notifications: { resourceSubscriptions: uris }, _meta: META },
    })

    for (const { name } of [other, watched]) {
      const version = await createVersion(app.actor(), { name, base_version: 1, template_content: 'New.' })
      await setLabel(app.actor(), { name, label: 'production', version: 2, if_match: version.etag })
    }
    const told = [await stream.next(), await stream.next()]
    expect(told).toEqual(
      uris.slice(0, 2).map((uri) => ({
        jsonrpc: '2.0',
        method: 'notifications/resources/updated',
        params: { uri, _meta: META },
      })),
    )
    await createPrompt(app.actor(), { name: 'in_watched', category: 'watched', template_content: 'x' })
    await expect.poll(async () => (await stream.next())?.params).toMatchObject({ uri: 'category://watched' })
  })

  it('watches what is seen through the address alone, and no more than allowed', async () => {
    const { name } = await newPrompt()
    const outside = await listen({ resourceSubscriptions: [`prompt://${name}`] }, '?category=watched')
    expect(await outside.next()).toMatchObject({ params: { notifications: {} } })
    const many = Array.from({ length: 101 }, (_, at) => `prompt://p${at}`)
    const reply = await mcp.post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: { notifications: { resourceSubscriptions: many }, _meta: ENVELOPE },
      },
      statelessHeaders('subscriptions/listen', {}),
    )
    expect(reply.body).toMatchObject({
      error: { code: -32602, message: expect.stringContaining('mcp.max_resource_subscriptions') },
    })
  })

  it.each([undefined, [], { promptsListChanged: 'yes' }, { resourceSubscriptions: [1] }])(
    '-32602 for the filter %j',
    async (filter) => {
      const reply = await mcp.post(
        {
          jsonrpc: '2.0',
          id: 1,
          method: 'subscriptions/listen',
          params: { notifications: filter, _meta: ENVELOPE },
        },
        statelessHeaders('subscriptions/listen', {}),
      )
      expect([reply.status, reply.body]).toMatchObject([200, { id: 1, error: { code: -32602 } }])
    },
  )

  it('400 without the headers that must repeat it', async () => {
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'subscriptions/listen',
      params: { notifications: { promptsListChanged: true }, _meta: ENVELOPE },
    }
    const reply = await mcp.post(body, { 'mcp-protocol-version': '2026-07-28' })
    expect([reply.status, reply.body]).toMatchObject([400, { error: { code: -32020 } }])
  })
})

describe('a change on another instance', () => {
  // How long that takes is measured by the bench, on a machine that does nothing else.
  it('reaches a thousand subscribers', { timeout: 60_000 }, async () => {
    const sockets = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        index % 2 === 0 ? get() : listen({ promptsListChanged: true, resourcesListChanged: true }),
      ),
    )
    await Promise.all(sockets.filter((_, index) => index % 2 === 1).map((stream) => stream.next()))
    const told = Promise.all(sockets.map((stream) => methods(stream, 2)))
    const other = app.secondInstance()
    await changeElsewhere(other)
    const heard = await told
    await other.close()
    expect(heard.every(([first]) => first === 'notifications/prompts/list_changed')).toBe(true)
  })
})

/** Makes a prompt as another process would: its own pool, and no word to the feed of this one. */
async function changeElsewhere(other: ReturnType<TestRuntime['secondInstance']>): Promise<void> {
  const actor = app.actor()
  const here = getRuntime()
  setRuntime(other)
  try {
    await createPrompt(actor, { name: 'from_elsewhere', template_content: 'Hello.' })
  } finally {
    setRuntime(here)
  }
}
