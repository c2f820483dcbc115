import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertAlive } from '../fuzz/alive.ts'
import { fuzzRest } from '../fuzz/fuzz-rest.ts'
import { type Fuzzed, startFuzzed } from '../fuzz/fuzzed-app.ts'
import { malformedPlaces } from '../fuzz/stored.ts'

let fuzzed: Fuzzed
beforeAll(async () => {
  fuzzed = await startFuzzed()
})
afterAll(() => fuzzed.stop())

const SEED = 20_261_128

describe('requests made from the OpenAPI document', () => {
  it('are answered as it says, none with 500 or more', async () => {
    const { app, fixed } = fuzzed
    const { statuses, faults } = await fuzzRest(app, { seed: SEED, count: 2000, width: 16, fixed })
    console.log(statuses)
    expect(faults).toEqual([])
    // They reach the operations: a fuzzer whose requests are all refused finds nothing.
    expect(statuses.get(200)).toBeGreaterThan(300)
    await assertAlive(app, 'alive_after_rest')
  })
})

describe('what was stored meanwhile', () => {
  it('is well-formed', async () => {
    expect(await malformedPlaces(fuzzed.app.databaseUrl)).toEqual([])
  })
})
