import { describe, expect, it } from 'vitest'
import { liveOf } from '#components/generations/follow/live-generation.ts'
import type { Generation } from '#lib/generations/schema.ts'
import { aGeneration } from '#lib/testing/models/generation.ts'
import { bestFigures } from './best-figures.ts'
import type { Run } from './runs.ts'

const run = (facts: Partial<Generation>): Run => ({
  key: 'k',
  id: 'g',
  startedAt: 0,
  live: liveOf(aGeneration({ status: 'succeeded', ...facts })),
  isStopped: false,
  refused: undefined,
})

describe('the best figures of answers side by side', () => {
  it('are each marked where they are', () => {
    const runs = {
      quick: run({ latency_ms: 300, first_token_ms: 90, cost: 0.02 }),
      cheap: run({ latency_ms: 900, first_token_ms: 80, cost: 0.001 }),
      plain: run({ latency_ms: 800, first_token_ms: 95, cost: null }),
    }
    expect(bestFigures(runs, ['quick', 'cheap', 'plain'])).toEqual({
      quick: ['latency'],
      cheap: ['first', 'cost'],
    })
    // A column that was taken away is no rival.
    expect(bestFigures(runs, ['quick', 'plain'])).toEqual({ quick: ['latency', 'first'] })
  })

  it('are of answers that ended: not of what runs, failed or was stopped', () => {
    const runs = {
      failed: run({ status: 'failed', latency_ms: 5, cost: 0 }),
      stopped: run({ status: 'cancelled', latency_ms: 6, first_token_ms: 1 }),
      running: run({ status: 'running', first_token_ms: 2 }),
      slow: run({ latency_ms: 700, first_token_ms: 40 }),
      slower: run({ latency_ms: 800, first_token_ms: 50 }),
    }
    const columns = ['failed', 'stopped', 'running', 'slow', 'slower']
    expect(bestFigures(runs, columns)).toEqual({ slow: ['latency', 'first'] })
    expect(bestFigures(runs, columns.slice(0, 4))).toEqual({})
  })

  it('are shared by those that show the same, and by none where all do', () => {
    const runs = {
      one: run({ latency_ms: 1241, cost: 0.5 }),
      two: run({ latency_ms: 1243, cost: 0.5 }),
      three: run({ latency_ms: 2000, cost: 0.5 }),
    }
    expect(bestFigures(runs, ['one', 'two', 'three'])).toEqual({ one: ['latency'], two: ['latency'] })
  })
})
