import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertAlive } from '../fuzz/alive.ts'
import { fuzzHeaders } from '../fuzz/fuzz-headers.ts'
import { fuzzMcp } from '../fuzz/fuzz-mcp.ts'
import { fuzzPages } from '../fuzz/fuzz-pages.ts'
import { fuzzProvider } from '../fuzz/fuzz-provider.ts'
import { fuzzRest } from '../fuzz/fuzz-rest.ts'
import { fuzzTexts } from '../fuzz/fuzz-text.ts'
import { type Fuzzed, startFuzzed } from '../fuzz/fuzzed-app.ts'
import { malformedPlaces } from '../fuzz/stored.ts'
import { exchange } from './exchange.ts'
import { rest } from './mcp-apps.ts'

/** Made-up input at every door of one app; `e2e/full/fuzz.test.ts` sends far more of it. */

let fuzzed: Fuzzed
beforeAll(async () => {
  fuzzed = await startFuzzed()
})
afterAll(() => fuzzed.stop())

const SEED = 20_261_128

it('case 34: a client whose name would be cut within a character does not stop the counting of usage', async () => {
  const { app } = fuzzed
  const meta = (name: string) => ({
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name, version: name },
    'io.modelcontextprotocol/clientCapabilities': {},
  })
  const params = {
    name: 'zero_shot',
    arguments: { task_description: 'a', context: 'b', expected_output: 'c' },
  }
  for (const name of [`${'a'.repeat(79)}😀`, `${'b'.repeat(78)}😀😀`, '__proto__', 'constructor', 'a\nb'])
    expect(
      await exchange(app, {
        method: 'POST',
        path: '/api/mcp',
        headers: {
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'prompts/get',
          'mcp-name': 'zero_shot',
        },
        body: { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { ...params, _meta: meta(name) } },
      }),
    ).toMatchObject({ status: 200, json: { result: { messages: expect.any(Array) } } })
  await assertAlive(app, 'alive_after_names')
  const stats = await rest(app, 'GET', '/api/stats')
  const clients = (stats as { by_client: { client: string }[] }).by_client.map(({ client }) => client)
  expect(clients).toEqual(
    expect.arrayContaining(['a'.repeat(79), `${'b'.repeat(78)}😀`, '__proto__', 'constructor', 'a\nb']),
  )
  const series = await rest(app, 'GET', '/api/stats/timeseries?by=client')
  const { keys, points } = series as { keys: string[]; points: { series: Record<string, number> }[] }
  const counts = points.flatMap((point) => Object.entries(point.series))
  expect(counts.map(([key]) => key).toSorted()).toEqual(keys.toSorted())
  expect(counts.filter(([, uses]) => typeof uses !== 'number')).toEqual([])
})

describe('requests made from the OpenAPI document', () => {
  it('are answered as it says, none with 500 or more', async () => {
    const { app, fixed } = fuzzed
    const { statuses, faults } = await fuzzRest(app, { seed: SEED, count: 500, width: 16, fixed })
    expect(faults).toEqual([])
    // They reach the operations: a fuzzer whose requests are all refused finds nothing.
    expect(statuses.get(200)).toBeGreaterThan(60)
    expect(statuses.get(201)).toBeGreaterThan(4)
    await assertAlive(app, 'alive_after_rest')
  })
})

describe('messages of MCP in every revision', () => {
  it('are answered as JSON-RPC, none with an internal error', async () => {
    const { app, fixed } = fuzzed
    const { statuses, faults } = await fuzzMcp(app, { seed: SEED, count: 500, width: 16, fixed })
    expect(faults).toEqual([])
    expect(statuses.get(200)).toBeGreaterThan(100)
    await assertAlive(app, 'alive_after_mcp')
  })
})

describe('case 34: odd and broken texts', () => {
  it('in every place for a text that the document describes', async () => {
    const { app, fixed } = fuzzed
    const { places, faults } = await fuzzTexts(app, { perPlace: 2, width: 16, fixed })
    expect(faults).toEqual([])
    expect(places).toBeGreaterThan(200)
    await assertAlive(app, 'alive_after_texts')
  })

  it('in the address of every page', async () => {
    expect(await fuzzPages(fuzzed.app, 8, 80)).toEqual([])
  })

  it('in every header, as bytes', async () => {
    expect(await fuzzHeaders(fuzzed.app, 16, 5)).toEqual([])
    await assertAlive(fuzzed.app, 'alive_after_headers')
  })

  it('in what a provider answers, cut anywhere, and in its errors', async () => {
    expect(await fuzzProvider(fuzzed, SEED, 12)).toEqual([])
  })

  it('leave nothing in the database that is not well-formed', async () => {
    expect(await malformedPlaces(fuzzed.app.databaseUrl)).toEqual([])
  })
})
