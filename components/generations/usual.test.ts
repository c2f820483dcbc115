import { describe, expect, it } from 'vitest'
import type { UsualFigures } from '#lib/generations/schema.ts'
import { compare, usualBy } from './usual.ts'

const figures = (facts: Partial<UsualFigures> = {}): UsualFigures => ({
  configuration: 'one',
  count: 100,
  latency_ms: 1_000,
  first_token_ms: 300,
  tokens_per_second: 90,
  queue_ms: 0,
  cost: 0.001,
  ...facts,
})

describe('a figure beside the usual one', () => {
  it('is far off where it is a multiple of it, or a small part', () => {
    expect(compare('first_token_ms', 2_600, figures())).toEqual({
      figure: '2.60 s',
      usual: '300 ms',
      far: { side: 'above', isGood: false },
      few: undefined,
    })
    expect(compare('tokens_per_second', 11, figures()).far).toEqual({ side: 'below', isGood: false })
    expect(compare('tokens_per_second', 200, figures()).far).toEqual({ side: 'above', isGood: true })
    expect(compare('cost', 0.0001, figures()).far).toEqual({ side: 'below', isGood: true })
    expect(compare('latency_ms', 1_500, figures()).far).toBeUndefined()
  })

  it('is not far off by what nobody feels, nor from nothing', () => {
    expect(compare('queue_ms', 40, figures()).far).toBeUndefined()
    expect(compare('queue_ms', 4_000, figures()).far).toEqual({ side: 'above', isGood: false })
    expect(compare('first_token_ms', 60, figures({ first_token_ms: 20 })).far).toBeUndefined()
    expect(compare('cost', 0, figures({ cost: 0 })).far).toBeUndefined()
  })

  it('says that few are known, and tells nothing of fewer', () => {
    expect(compare('latency_ms', 1_000, figures({ count: 5 }))).toMatchObject({ usual: '1.00 s', few: 5 })
    expect(compare('latency_ms', 1_000, figures({ count: 2 })).usual).toBeUndefined()
    expect(compare('latency_ms', 1_000, undefined).usual).toBeUndefined()
    expect(compare('latency_ms', null, figures())).toMatchObject({ figure: '–', usual: undefined })
    expect(compare('cost', 1, figures({ cost: null })).usual).toBeUndefined()
  })

  it('is found by its configuration', () => {
    const usual = usualBy({ days: 7, items: [figures()] })
    expect(usual.of('one')?.count).toBe(100)
    expect(usual.of('two')).toBeUndefined()
  })
})
