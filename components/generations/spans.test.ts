import { describe, expect, it } from 'vitest'
import type { GenerationAttempt, GenerationWait } from '#lib/generations/schema.ts'
import { stretchesOf, type Timed, totalMs } from './spans.ts'

const at = (ms: number) => new Date(1_000_000_000_000 + ms).toISOString()
const attempt = (number: number, from: number, to: number | null, configuration = 'one') =>
  ({
    attempt: number,
    status: to === null ? 'running' : 'failed',
    configuration,
    started_at: at(from),
    finished_at: to === null ? null : at(to),
    latency_ms: null,
    first_token_ms: null,
  }) as GenerationAttempt
const wait = (kind: GenerationWait['kind'], after_attempt: number, from: number, ms: number) => ({
  kind,
  after_attempt,
  ms,
  configuration: 'one',
  at: at(from),
})
const timed = (facts: Partial<Timed>): Timed => ({
  created_at: at(0),
  finished_at: null,
  taken_at: null,
  waits: [],
  attempts: [],
  ...facts,
})
/** `kind attempt from+ms`, one for each stretch. */
const told = (facts: Partial<Timed>) =>
  stretchesOf(timed(facts)).map(({ kind, attempt: number, from, ms }) => `${kind} ${number} ${from}+${ms}`)

describe('what a generation spent its time on', () => {
  it('is its queue, its attempts and the waits between them, for older ones', () => {
    const attempts = [attempt(1, 20, 1_020), attempt(2, 3_020, 6_000), attempt(3, 6_000, 7_000, 'two')]
    expect(told({ finished_at: at(7_000), attempts })).toEqual([
      'queue 1 0+20',
      'attempt 1 20+1000',
      'wait 2 1020+2000',
      'attempt 2 3020+2980',
      'attempt 3 6000+1000',
    ])
  })

  it('names what each wait was for, and what was not told', () => {
    const facts = {
      taken_at: at(200),
      finished_at: at(70_000),
      waits: [
        wait('limit', 0, 300, 30_000),
        wait('retry_after', 1, 32_000, 8_000),
        wait('backoff', 2, 50_000, 1_000),
      ],
      attempts: [attempt(1, 31_000, 31_900), attempt(2, 42_000, 49_900), attempt(3, 51_500, 69_900)],
    }
    expect(told(facts)).toEqual([
      'queue 1 0+200',
      'prepare 1 200+100',
      'limit 1 300+30700',
      'attempt 1 31000+900',
      'wait 2 31900+100',
      'retry_after 2 32000+10000',
      'attempt 2 42000+7900',
      'wait 3 49900+100',
      'backoff 3 50000+1500',
      'attempt 3 51500+18400',
      'finish 3 69900+100',
    ])
  })

  it('adds up to the whole, without holes, whatever the clocks say', () => {
    const facts = {
      taken_at: at(900),
      finished_at: at(2_000),
      waits: [wait('limit', 0, -50, 10), wait('busy', 0, 5_000, 10), wait('limit', 7, 100, 10)],
      attempts: [attempt(1, 500, 1_000), attempt(2, 990, 1_500, 'two')],
    }
    const stretches = stretchesOf(timed(facts))
    let until = 0
    for (const { from, ms } of stretches) {
      expect(from - until).toBeLessThan(5)
      expect(ms).toBeGreaterThanOrEqual(0)
      until = Math.max(until, from + ms)
    }
    expect(until).toBe(2_000)
  })

  it('tells of one that never had an attempt, and of one that is still waiting for its call', () => {
    const waits = [wait('limit', 0, 100, 60_000)]
    expect(told({ finished_at: at(9_000), waits, taken_at: at(50) })).toEqual([
      'queue 1 0+50',
      'prepare 1 50+50',
      'limit 1 100+8900',
    ])
    const waiting = { ...attempt(1, 0, null), status: 'waiting' as const }
    expect(told({ attempts: [waiting] })).toEqual(['queue 1 0+0'])
  })

  it('begins to count for one that runs', () => {
    expect(told({ attempts: [attempt(1, 40, null)] })).toEqual(['queue 1 0+40', 'attempt 1 40+0'])
    expect(totalMs(timed({}))).toBeNull()
    expect(totalMs(timed({ finished_at: at(6_000) }))).toBe(6_000)
  })
})
