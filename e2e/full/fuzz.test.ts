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

/** The long form of `e2e/protocol/fuzz.test.ts`. */

let fuzzed: Fuzzed
beforeAll(async () => {
  fuzzed = await startFuzzed()
})
afterAll(() => fuzzed.stop())

/** Another one each time. What a run finds is found again with its seed, which its title names. */
const SEED = Math.floor(Math.random() * 2 ** 31)
const LONG_MS = 900_000

describe(`with the seed ${SEED}`, () => {
  it(
    '10,000 requests are answered as the OpenAPI document says',
    async () => {
      const { app, fixed } = fuzzed
      const { faults } = await fuzzRest(app, { seed: SEED, count: 10_000, width: 16, fixed })
      expect(faults).toEqual([])
      await assertAlive(app, 'alive_after_rest')
    },
    LONG_MS,
  )

  it(
    '10,000 messages of MCP are answered as JSON-RPC',
    async () => {
      const { app, fixed } = fuzzed
      const { faults } = await fuzzMcp(app, { seed: SEED, count: 10_000, width: 16, fixed })
      expect(faults).toEqual([])
      await assertAlive(app, 'alive_after_mcp')
    },
    LONG_MS,
  )

  it(
    'every odd and broken text in every place, page and header does no harm',
    async () => {
      const { app, fixed } = fuzzed
      const { faults } = await fuzzTexts(app, { width: 16, fixed })
      expect(faults).toEqual([])
      expect(await fuzzPages(app, 8)).toEqual([])
      expect(await fuzzHeaders(app, 16)).toEqual([])
      await assertAlive(app, 'alive_after_texts')
    },
    LONG_MS,
  )

  it(
    'neither does what a provider writes',
    async () => {
      expect(await fuzzProvider(fuzzed, SEED, 90)).toEqual([])
    },
    LONG_MS,
  )

  it('what was stored is well-formed', async () => {
    expect(await malformedPlaces(fuzzed.app.databaseUrl)).toEqual([])
  })
})
