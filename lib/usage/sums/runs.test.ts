import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../recording/partitions.ts'
import { endOf, runsBetween, thirdBefore } from './runs.ts'

const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const LATE = at('2030-01-01')
const MONTH = { unit: 'month', until: LATE } as const
const THIRD = { unit: 'third', until: LATE } as const

describe('runs', () => {
  it('take the longest units that fit', () => {
    const runs = runsBetween(at('2026-01-09'), at('2026-03-23'), [MONTH, THIRD])
    expect(runs).toEqual([
      { unit: 'day', from: at('2026-01-09'), to: at('2026-01-11') },
      { unit: 'third', from: at('2026-01-11'), to: at('2026-02-01') },
      { unit: 'month', from: at('2026-02-01'), to: at('2026-03-01') },
      { unit: 'third', from: at('2026-03-01'), to: at('2026-03-21') },
      { unit: 'day', from: at('2026-03-21'), to: at('2026-03-23') },
    ])
  })

  it('take no unit that is not summed up', () => {
    const summed = { unit: 'third', until: at('2026-02-11') } as const
    expect(runsBetween(at('2026-02-01'), at('2026-03-01'), [summed])).toEqual([
      { unit: 'third', from: at('2026-02-01'), to: at('2026-02-11') },
      { unit: 'day', from: at('2026-02-11'), to: at('2026-03-01') },
    ])
  })

  it('take a month whose thirds are gone', () => {
    const none = { unit: 'third', until: 0 } as const
    expect(runsBetween(at('2026-02-01'), at('2026-03-01'), [MONTH, none])).toEqual([
      { unit: 'month', from: at('2026-02-01'), to: at('2026-03-01') },
    ])
  })

  it('follow each other from the start to the end', () => {
    const day = fc.integer({ min: 0, max: 2000 }).map((days) => at('2026-01-01') + days * DAY_MS)
    fc.assert(
      fc.property(day, day, day, day, (from, to, months, thirds) => {
        const runs = runsBetween(from, to, [
          { unit: 'month', until: months },
          { unit: 'third', until: thirds },
        ])
        const ends = [from, ...runs.map((run) => run.to)]
        expect(runs.map((run) => run.from)).toEqual(ends.slice(0, -1))
        expect(ends.at(-1)).toBe(Math.max(from, to))
      }),
    )
  })

  it('cut a month into three', () => {
    for (const month of ['2026-02-01', '2028-02-01', '2026-12-01']) {
      const start = at(month)
      const second = endOf('third', start)
      const last = endOf('third', second)
      expect([second - start, last - second]).toEqual([10 * DAY_MS, 10 * DAY_MS])
      expect(endOf('third', last)).toBe(endOf('month', start))
      for (const day of [last, endOf('month', start) - DAY_MS]) expect(thirdBefore(day)).toBe(last)
    }
  })
})
