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

/** Another one each time; a run that finds something names its own, and the gate's file takes it. */
const SEED = Math.floor(Math.random() * 2 ** 31)

describe(`with the seed ${SEED}`, () => {
  it('ten thousand requests are answered as the document says', async () => {
    const { app, fixed } = fuzzed
    const { faults } = await fuzzRest(app, { seed: SEED, count: 10_000, width: 16, fixed })
    expect(faults, `seed ${SEED}`).toEqual([])
    await assertAlive(app, 'alive_after_rest')
  }, 600_000)

  it('what was stored is well-formed', async () => {
    expect(await malformedPlaces(fuzzed.app.databaseUrl)).toEqual([])
  })
})
