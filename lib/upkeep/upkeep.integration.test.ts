import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { UPKEEP } from '../boot/boot.ts'
import { createLog, type Log } from '../log.ts'
import { metrics } from '../metrics.ts'
import { withClient } from '../testing/database.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { addUpkeepMetrics, clockWatch, createUpkeep, type UpkeepStep } from './upkeep.ts'

const HOUR_MS = 3_600_000

let app: TestRuntime
let lines: string[]
let log: Log

beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())
beforeEach(async () => {
  lines = []
  log = createLog({ level: 'info', format: 'json' }, { write: (line: string) => void lines.push(line) })
  await sql('DELETE FROM upkeep')
})

const sql = (text: string) => app.runtime.database.primary.pool.query<Record<string, unknown>>(text)

/** A step that notes each of its runs. */
function noting(name: string, done: string[], answer: () => unknown = () => false): UpkeepStep {
  return {
    name,
    everyMs: HOUR_MS,
    run: async () => {
      done.push(name)
      return answer()
    },
  }
}

describe('a round', () => {
  it('does what is due, once for all instances', async () => {
    const done: string[] = []
    const [one, other] = [createUpkeep([noting('a', done)], log), createUpkeep([noting('a', done)], log)]
    await one.round()
    await other.round()
    expect(done).toEqual(['a'])
    await sql(`UPDATE upkeep SET succeeded_at = now() - interval '61 minutes'`)
    await other.round()
    expect(done).toEqual(['a', 'a'])
    // A clock that was wrong noted a time that has not come.
    await sql(`UPDATE upkeep SET succeeded_at = now() + interval '7 days'`)
    await one.round()
    expect(done).toHaveLength(3)
    await one.round(true)
    expect(done).toHaveLength(4)
  })

  it('goes on after a step that fails, tells of it once, and when it works again', async () => {
    const done: string[] = []
    let isBroken = true
    const failing = noting('broken', done, () => {
      if (isBroken) throw new Error('no way')
    })
    const upkeep = createUpkeep([failing, noting('after', done)], log)
    await upkeep.round()
    await upkeep.round()
    expect(done).toEqual(['broken', 'after', 'broken'])
    expect(upkeep.failures.get('broken')).toBe(2)
    expect(lines.filter((line) => line.includes('a step of the upkeep failed'))).toHaveLength(1)
    isBroken = false
    await upkeep.round()
    expect(lines.some((line) => line.includes('the upkeep works again'))).toBe(true)
    const { rows } = await sql('SELECT step FROM upkeep ORDER BY step')
    expect(rows).toEqual([{ step: 'after' }, { step: 'broken' }])
  })

  it('comes back at the next look to what there is more of', async () => {
    const done: string[] = []
    const upkeep = createUpkeep([noting('long', done, () => done.length < 3)], log)
    for (let look = 0; look < 5; look++) await upkeep.round()
    expect(done).toHaveLength(3)
  })

  it('leaves it to the instance that is at it', async () => {
    const done: string[] = []
    await withClient(app.database.url, async (other) => {
      await other.query('SELECT pg_advisory_lock(1229867351, 3600)')
      await createUpkeep([noting('a', done)], log).round()
      expect(done).toEqual([])
    })
    // That instance is gone.
    const upkeep = createUpkeep([noting('a', done)], log)
    await expect.poll(() => upkeep.round().then(() => done.length)).toBe(1)
  })

  it('waits for no step of another pace, on this instance or another', async () => {
    const done: string[] = []
    const slow = Promise.withResolvers<boolean>()
    const steps: UpkeepStep[] = [
      noting('slow', done, () => slow.promise),
      { ...noting('quick', done), everyMs: 60_000 },
    ]
    const [one, other] = [createUpkeep(steps, log), createUpkeep(steps, log)]
    const quickRuns = () => done.filter((name) => name === 'quick').length
    const rounds = [one.round()]
    try {
      await expect.poll(() => done.toSorted()).toEqual(['quick', 'slow'])
      await expect
        .poll(() => sql('SELECT step FROM upkeep').then(({ rows }) => rows))
        .toEqual([{ step: 'quick' }])
      for (const upkeep of [one, other]) {
        const before = quickRuns()
        await expect
          .poll(async () => {
            await sql(`UPDATE upkeep SET succeeded_at = now() - interval '61 seconds'`)
            rounds.push(upkeep.round())
            return quickRuns()
          })
          .toBeGreaterThan(before)
      }
      expect(done.filter((name) => name === 'slow')).toHaveLength(1)
    } finally {
      slow.resolve(false)
      await Promise.all(rounds)
    }
  })

  it('has the metrics that tell what was done last', async () => {
    const upkeep = createUpkeep(UPKEEP, log)
    addUpkeepMetrics(UPKEEP)
    const before = Math.floor(Date.now() / 1000) - 1
    await upkeep.round()
    const text = await metrics().expose()
    for (const { name } of UPKEEP.filter((step) => step.name !== 'send_queued')) {
      const value = new RegExp(`^incipit_upkeep_last_success_timestamp_seconds{step="${name}"} (\\S+)$`, 'm')
      expect(Number(value.exec(text)?.[1])).toBeGreaterThan(before)
    }
    expect(text).toContain('incipit_upkeep_failures_total')
    expect(text).toContain('incipit_upkeep_interval_seconds{step="end_abandoned"} 60')
  })
})

it('notices a clock that was set and a machine that slept, not one that is a little late', () => {
  let clock = 1_000_000
  let passed = 0
  const hasJumped = clockWatch(
    () => clock,
    () => passed,
  )
  const step = (clockMs: number, passedMs: number) => {
    clock += clockMs
    passed += passedMs
    return hasJumped()
  }
  expect(step(60_000, 60_000)).toBe(false)
  expect(step(65_000, 61_000)).toBe(false)
  expect(step(7 * 86_400_000, 60_000)).toBe(true)
  expect(step(60_000, 60_000)).toBe(false)
  expect(step(-7 * 86_400_000, 60_000)).toBe(true)
  expect(step(60_000, 60_000)).toBe(false)
})
