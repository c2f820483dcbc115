import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoredCondition } from '../stored-condition.ts'
import type { Figures } from './figures-of-condition.ts'
import { judge, type Observation } from './judge.ts'
import { DAY_MS, endOfHour, HOUR_MS, momentsBetween } from './moments.ts'
import { CALM, step, walk } from './standing.ts'

const START = Date.UTC(2026, 2, 28)

type HourOfUse = { total: number; failed: number; bucket?: number }

/** Figures of hours one after another, from START on. */
function used(hours: readonly (HourOfUse | undefined)[], firstUse = START): Figures {
  const tallies = new Map(
    hours.flatMap((hour, n) => {
      if (hour === undefined) return []
      const buckets: number[] = []
      buckets[hour.bucket ?? 10] = hour.total
      const tally = {
        ...hour,
        gets: 0,
        renders: hour.total,
        toolCalls: 0,
        lastAt: null,
        buckets: Array.from(buckets, (each: number | undefined) => each ?? 0),
      }
      return [[START + n * HOUR_MS, tally] as const]
    }),
  )
  return {
    hours: { tallies, firstUse },
    spending: new Map(),
    quota: { tokens: null, cost: null },
    unused: new Map(),
  }
}

const condition = (settings: Partial<StoredCondition>): StoredCondition => StoredCondition.parse(settings)
const errors = (settings: Partial<StoredCondition> = {}) =>
  condition({ kind: 'error_rate', threshold: 0.5, min_count: 10, window_hours: 1, ...settings })
const at = (hours: number) => START + hours * HOUR_MS
const valueOf = (of: StoredCondition, figures: Figures, hours: number) => judge(of, figures, at(hours)).value

describe('the share of failed uses', () => {
  it('is of the whole window, and says nothing of too few: one of one that failed is no alert', () => {
    const figures = used([
      { total: 1, failed: 1 },
      { total: 30, failed: 15 },
      { total: 30, failed: 0 },
    ])
    expect(judge(errors(), figures, at(1))).toMatchObject({ value: null, isBreached: false })
    expect(judge(errors(), figures, at(2))).toMatchObject({
      value: 0.5,
      isBreached: true,
      windowStart: at(1),
    })
    expect(valueOf(errors({ window_hours: 2 }), figures, 3)).toBe(0.25)
  })

  it('is that of the hours before while the running hour has too little to say', () => {
    const figures = used([
      { total: 20, failed: 20 },
      { total: 2, failed: 0 },
    ])
    expect(judge(errors(), figures, at(1.1))).toMatchObject({ value: 1, windowStart: at(0) })
    expect(valueOf(errors(), figures, 2)).toBeNull()
  })
})

it('latency is that of 95 % of all uses of the window together', () => {
  const figures = used([
    { total: 90, failed: 0, bucket: 4 },
    { total: 10, failed: 0, bucket: 20 },
  ])
  const latency = condition({ kind: 'latency', threshold: 0.1, window_hours: 2 })
  const slow = valueOf(condition({ ...latency, window_hours: 1 }), figures, 2)
  expect(valueOf(latency, figures, 2)).toBe(slow)
  expect(valueOf(condition({ ...latency, window_hours: 1 }), figures, 1)).toBeLessThan(slow ?? 0)
})

describe('spending', () => {
  const spending = new Map([
    [at(0), { cost: 1, tokens: 100 }],
    [at(5), { cost: 2, tokens: 300 }],
  ])
  const figures = { ...used([]), spending }

  it('is summed up over the window', () => {
    const cost = condition({ kind: 'cost', threshold: 3, window_hours: 6 })
    expect(judge(cost, figures, at(6))).toMatchObject({ value: 3, isBreached: true })
    expect(valueOf(cost, figures, 7)).toBe(2)
  })

  it('is a share of the quota of the month, the larger of tokens and cost; no quota says nothing', () => {
    const quota = condition({ kind: 'quota', threshold: 0.8 })
    expect(valueOf(quota, figures, 6)).toBeNull()
    expect(valueOf(quota, { ...figures, quota: { tokens: 500, cost: 10 } }, 6)).toBe(0.8)
    // The month of March ends in UTC, whatever the clocks of Europe do that night.
    expect(valueOf(quota, { ...figures, quota: { tokens: 500, cost: null } }, 24 * 4 + 1)).toBe(0)
  })
})

describe('a busy hour', () => {
  const weekly = (thisWeek: number) => {
    const hours: HourOfUse[] = []
    for (let week = 0; week < 5; week++) hours[week * 168] = { total: week === 4 ? thisWeek : 100, failed: 0 }
    return Array.from(hours, (hour: HourOfUse | undefined) => hour)
  }
  const busy = condition({ kind: 'busy', threshold: 3, min_count: 10, per: 'hour' })

  it('is measured by the same hour of four weeks', () => {
    expect(judge(busy, used(weekly(350)), at(4 * 168 + 1))).toMatchObject({ value: 3.5, isBreached: true })
    expect(valueOf(busy, used(weekly(250)), 4 * 168 + 1)).toBe(2.5)
  })

  it('is not known before there was a usual, and counts the weeks after the first use alone', () => {
    expect(valueOf(busy, used(weekly(350), at(4 * 168)), 4 * 168 + 1)).toBeNull()
    expect(valueOf(busy, used(weekly(350), at(3 * 168)), 4 * 168 + 1)).toBe(3.5)
  })

  it('of a day counts what had happened by then', () => {
    const hours = Array.from({ length: 29 * 24 }, (_, n) => ({ total: n < 28 * 24 ? 1 : 10, failed: 0 }))
    const day = condition({ ...busy, per: 'day' })
    expect(valueOf(day, used(hours), 28 * 24 + 6)).toBe(2.5)
    expect(valueOf(day, used(hours), 29 * 24)).toBe(10)
  })
})

const seen = (hours: number, isBreached: boolean): Observation => ({
  at: at(hours),
  windowStart: endOfHour(at(hours)) - HOUR_MS,
  value: 1,
  isBreached,
  detail: {},
})
const PATIENCE = { hold_minutes: 0, cooldown_minutes: 0 }

describe('a rule', () => {
  it('fires once, until it is over', () => {
    const { firings } = walk(CALM, [seen(1, true), seen(2, true), seen(3, false), seen(4, true)], PATIENCE)
    expect(firings.map(({ fired, resolved }) => [fired.at, resolved?.at])).toEqual([
      [at(1), at(3)],
      [at(4), undefined],
    ])
  })

  it('waits until it has lasted for its hold', () => {
    const patience = { ...PATIENCE, hold_minutes: 60 }
    expect(walk(CALM, [seen(1, true), seen(1.5, false), seen(1.8, true)], patience).firings).toEqual([])
    expect(walk(CALM, [seen(1, true), seen(1.5, true), seen(2, true)], patience).firings[0]?.fired.at).toBe(
      at(2),
    )
  })

  it('rests after it fired, and fires once for a window', () => {
    const patience = { ...PATIENCE, cooldown_minutes: 120 }
    const flapping = [1, 1.2, 1.4, 2, 2.4, 3.1].map((hours, n) => seen(hours, n % 2 === 0))
    expect(walk(CALM, flapping, patience).firings).toHaveLength(1)
    expect(walk(CALM, [...flapping, seen(3.2, true)], patience).firings).toHaveLength(2)
    expect(walk(CALM, [seen(1.2, true), seen(1.4, false), seen(1.6, true)], PATIENCE).firings).toHaveLength(1)
  })
})

describe('live and past', () => {
  const hour = fc.option(
    fc.nat(40).chain((total) => fc.record({ total: fc.constant(total), failed: fc.nat(total) })),
    { nil: undefined },
  )

  it('agree: a rule that is looked at as hours go by fires as the test on the past says', () => {
    const patience = fc.record({
      hold_minutes: fc.constantFrom(0, 60, 120),
      cooldown_minutes: fc.constantFrom(0, 90, 300),
    })
    fc.assert(
      fc.property(
        fc.array(hour, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        patience,
        (hours, window, patience) => {
          const rule = errors({ window_hours: window, min_count: 5, ...patience })
          const past = momentsBetween(at(0), at(hours.length), HOUR_MS)
          const told = walk(
            CALM,
            past.map((moment) => judge(rule, used(hours), moment)),
            rule,
          )
          // Live: at each moment no more is known than what has happened, and each step begins where the last one ended.
          let standing = CALM
          const fired: number[] = []
          const resolved: number[] = []
          for (const moment of past) {
            const known = used(hours.slice(0, (moment - START) / HOUR_MS))
            const next = step(standing, judge(rule, known, moment), rule)
            standing = next.standing
            if (next.happened === 'fired') fired.push(moment)
            if (next.happened === 'resolved') resolved.push(moment)
          }
          expect(fired).toEqual(told.firings.map((firing) => firing.fired.at))
          expect(resolved).toEqual(told.firings.flatMap((firing) => firing.resolved?.at ?? []))
          expect(standing).toEqual(told.standing)
        },
      ),
    )
  })

  it('agree after a sleep: what was slept through is gone through hour by hour', () => {
    fc.assert(
      fc.property(fc.array(hour, { minLength: 2, maxLength: 40 }), fc.nat(), (hours, chance) => {
        const rule = errors({ min_count: 5 })
        const end = at(hours.length)
        const asleep = at(1 + (chance % (hours.length - 1)))
        const observe = (from: number, to: number) =>
          momentsBetween(from, to, HOUR_MS).map((moment) => judge(rule, used(hours), moment))
        const whole = walk(CALM, observe(at(0), end), rule)
        const first = walk(CALM, observe(at(0), asleep), rule)
        const second = walk(first.standing, asleep === end ? [] : observe(asleep, end), rule)
        expect([...first.firings, ...second.firings].map(({ fired }) => fired.at)).toEqual(
          whole.firings.map(({ fired }) => fired.at),
        )
        expect(second.standing).toEqual(whole.standing)
      }),
    )
  })
})

it('moments are the ends of hours or days, and the last one', () => {
  expect(momentsBetween(at(0), at(2.5), HOUR_MS)).toEqual([at(1), at(2), at(2.5)])
  expect(momentsBetween(at(0.5), at(0.7), HOUR_MS)).toEqual([at(0.7)])
  expect(momentsBetween(at(1), at(50), DAY_MS)).toEqual([at(24), at(48), at(50)])
})
