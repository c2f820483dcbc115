import { describe, expect, it } from 'vitest'
import { Config } from '#lib/config/schema.ts'
import { createLog } from '#lib/log.ts'
import type { Runtime } from '#lib/runtime.ts'
import { createSilenceWatch } from './silence.ts'

const SECOND_MS = 1000

/** A watch with the default configuration on a clock of the test's own. */
function watched() {
  const lines: string[] = []
  const log = createLog({ level: 'info', format: 'json' }, { write: (line: string) => void lines.push(line) })
  const state = { now: 5_000_000, calledAt: Number.NEGATIVE_INFINITY, isAway: false }
  const config = { ...Config.parse({}), inngestServer: { baseUrl: 'http://inngest.test' } }
  const watch = createSilenceWatch(
    { config, log } as unknown as Runtime,
    async () => {
      if (state.isAway) throw new Error('the database is away')
      return state.now - state.calledAt
    },
    () => state.now,
  )
  return {
    state,
    watch,
    told: (text: string) => lines.filter((line) => line.includes(text)).length,
    pass: async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 10) {
        state.now += 10 * SECOND_MS
        await watch.look()
      }
    },
  }
}

const WARNING = 'no Inngest server calls'

describe('an Inngest server that calls nobody', () => {
  it('is told of within two minutes after the start, and then once an hour', async () => {
    const { watch, told, pass } = watched()
    await pass(100)
    expect(told(WARNING)).toBe(0)
    await pass(20)
    expect(told(WARNING)).toBe(1)
    expect(watch.isSilent).toBe(true)
    await pass(3000)
    expect(told(WARNING)).toBe(1)
    await pass(700)
    expect(told(WARNING)).toBe(2)
  })

  it('is told of within two minutes after its last call, and so is its return', async () => {
    const { state, watch, told, pass } = watched()
    await pass(600)
    state.calledAt = state.now
    await pass(60)
    expect(watch.isSilent).toBe(false)
    expect(told('the Inngest server calls again')).toBe(1)
    await pass(60)
    expect(told(WARNING)).toBe(2)
  })

  it('is not judged while the database, which knows of the other instances, is away', async () => {
    const { state, watch, told, pass } = watched()
    state.calledAt = state.now
    await pass(60)
    state.isAway = true
    await pass(600)
    expect(watch.isSilent).toBe(false)
    expect(told(WARNING)).toBe(0)
  })
})
