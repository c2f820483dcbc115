import {
  Client as NewClient,
  StreamableHTTPClientTransport as NewTransport,
} from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getGeneration } from '../../generations/operations/get-generation.ts'
import { listGenerations } from '../../generations/operations/list-generations.ts'
import { loadRun } from '../../generations/runs/load-run.ts'
import { tryConfiguration } from '../../generations/runs/try-configuration.ts'
import { setJobSender } from '../../jobs.ts'
import { makePrompt } from '../../testing/factories.ts'
import { ENVELOPE, type McpServerForTests, serveMcp, statelessHeaders } from '../../testing/mcp.ts'
import { eventually, makeDoubleConfiguration } from '../../testing/models/generations.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'

/** Would take ten seconds. */
const LONG = 'words-500.every-20'

let app: TestRuntime
let mcp: McpServerForTests
let double: ProviderDouble
let runs: Promise<void>[] = []

beforeAll(async () => {
  double = await startProviderDouble()
  app = await testRuntime({ feed: true })
  mcp = await serveMcp()
  // Runs what is asked for at once, as a function would.
  setJobSender({
    send(jobs) {
      for (const { name, data } of jobs)
        if (name === 'generation/requested') runs.push(run(String(data.generation_id)))
      return Promise.resolve()
    },
  })
  await makePrompt(app.actor(), { name: 'story', template_content: 'Tell of {{ who }}.' })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
  await double.close()
})
beforeEach(() => {
  double.reset()
  runs = []
})

async function run(id: string): Promise<void> {
  const plan = await loadRun({ workspaceId: app.identity.workspaceId, id, runId: id })
  if (plan.kind === 'run')
    await tryConfiguration(app.actor(), { id, configurationId: plan.configurationId ?? '' })
}

/** The arguments of `generate` with a configuration of its own. */
async function argumentsFor(model: string, more: object = {}) {
  const configuration = await makeDoubleConfiguration(app.actor(), double, { model })
  return { template_name: 'story', variables: { who: 'Ada' }, configuration: configuration.name, ...more }
}

/** The generation of a configuration, once the model has begun to answer. */
async function answering({ configuration }: { configuration: string }): Promise<string> {
  const page = await eventually(
    () => listGenerations(app.actor(), { configuration }),
    ({ items }) => items[0]?.status === 'running',
  )
  await double.received(1)
  return page.items[0]?.id ?? ''
}

/** How a generation has ended; nothing is asked for it any more. */
async function endOf(id: string) {
  await Promise.all(runs)
  await eventually(
    () => double.active,
    (active) => active === 0,
  )
  return (await getGeneration(app.actor(), { id })).status
}

interface Connected {
  call(args: object, options: { signal?: AbortSignal; onprogress?: () => void }): Promise<object>
  close(): Promise<void>
}

async function newClient(mode: 'legacy' | { pin: '2026-07-28' }): Promise<Connected> {
  const client = new NewClient({ name: 'newer', version: '2.4.0' }, { versionNegotiation: { mode } })
  await client.connect(new NewTransport(new URL(`${mcp.url}/api/mcp`)))
  return {
    call: (args, options) => client.callTool({ name: 'generate', arguments: { ...args } }, options),
    close: () => client.close(),
  }
}

async function oldClient(): Promise<Connected> {
  const client = new OldClient({ name: 'older', version: '1.32.2' })
  await client.connect(new OldTransport(new URL(`${mcp.url}/api/mcp`)))
  return {
    call: (args, options) =>
      client.callTool({ name: 'generate', arguments: { ...args } }, undefined, options),
    close: () => client.close(),
  }
}

describe.each([
  ['the newer client in 2026-07-28', () => newClient({ pin: '2026-07-28' })],
  ['the newer client with a handshake', () => newClient('legacy')],
  ['the older client', oldClient],
] as const)('%s', (_, connect) => {
  it.each([
    ['', {}],
    [', though it heard of its progress', { onprogress: () => undefined }],
  ])('stops the generation of a call that it takes back%s', async (_case, options) => {
    const client = await connect()
    const args = await argumentsFor(LONG)
    const stop = new AbortController()
    const call = client.call(args, { ...options, signal: stop.signal }).catch((error: unknown) => error)
    const id = await answering(args)
    stop.abort('no longer wanted')
    expect(await call).toBeInstanceOf(Error)
    expect(await endOf(id)).toBe('cancelled')
    await client.close()
  })

  it('leaves one alone that it does not wait for', async () => {
    const client = await connect()
    const args = await argumentsFor('words-10.every-20', { wait_seconds: 0 })
    await client.call(args, {})
    await client.close()
    const id = await answering(args)
    await Promise.all(runs)
    expect(await getGeneration(app.actor(), { id })).toMatchObject({ status: 'succeeded' })
  })
})

describe('by hand', () => {
  const send = (
    id: unknown,
    args: object,
    { headers = {}, _meta }: { headers?: object; _meta?: object } = {},
  ) => {
    const hangUp = new AbortController()
    const params = { name: 'generate', arguments: args, ...(_meta && { _meta }) }
    const answer = fetch(`${mcp.url}/api/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }),
      signal: hangUp.signal,
    }).then((response) => response.text())
    answer.catch(() => undefined)
    return { hangUp, answer }
  }
  const cancel = (requestId: unknown, headers: Record<string, string> = {}) =>
    mcp.post(
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason: 'x' } },
      headers,
    )

  it.each([
    ['with JSON', ENVELOPE],
    ['with a stream', { ...ENVELOPE, progressToken: 'p' }],
  ])('2026-07-28: a connection that breaks takes the call back that is answered %s', async (_case, _meta) => {
    const args = await argumentsFor(LONG)
    const { hangUp } = send(1, args, { headers: statelessHeaders('tools/call', { name: 'generate' }), _meta })
    const id = await answering(args)
    hangUp.abort()
    expect(await endOf(id)).toBe('cancelled')
  })

  it('2025-11-25: a connection that breaks means nothing', async () => {
    const args = await argumentsFor('words-30.every-20')
    const { hangUp } = send(1, args, { headers: { 'mcp-protocol-version': '2025-11-25' } })
    const id = await answering(args)
    hangUp.abort()
    await Promise.all(runs)
    expect(await getGeneration(app.actor(), { id })).toMatchObject({ status: 'succeeded' })
  })

  it('a cancellation that means no call here, or somebody else’s, or one of two, is ignored', async () => {
    const args = await argumentsFor('words-40.every-20')
    const headers = { 'user-agent': 'agent/1' }
    send(7, args, { headers })
    send('8', args, { headers })
    send('8', args, { headers })
    await eventually(
      () => double.active,
      (active) => active === 3,
    )
    for (const [id, more] of [
      [6, headers],
      ['7', headers],
      [7, { 'user-agent': 'agent/2' }],
      ['8', headers],
      [null, headers],
      [{}, headers],
      [undefined, headers],
    ] as const)
      expect((await cancel(id, more)).status).toBe(202)
    expect((await cancel(7, { ...headers, 'x-forwarded-for': '10.0.0.9' })).status).toBe(403)
    await Promise.all(runs)
    const { items } = await listGenerations(app.actor(), { configuration: args.configuration })
    expect(items.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  })

  it('a cancellation takes back the call that it names, and no other', async () => {
    const args = await argumentsFor('words-60.every-20')
    send(1, args)
    send(2, args)
    await eventually(
      () => double.active,
      (active) => active === 2,
    )
    await cancel(2)
    await Promise.all(runs)
    const { items } = await listGenerations(app.actor(), { configuration: args.configuration })
    expect(items.map(({ status }) => status).toSorted()).toEqual(['cancelled', 'succeeded'])
  })
})
