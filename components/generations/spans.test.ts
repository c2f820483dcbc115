import { describe, expect, it } from 'vitest'
import type { GenerationAttempt, GenerationSummary } from '#lib/generations/schema.ts'
import { stretchesOf, tokensPerSecond, totalMs, usualOf } from './spans.ts'

const at = (ms: number) => new Date(1_000_000_000_000 + ms).toISOString()
const attempt = (number: number, from: number, to: number | null) =>
  ({
    attempt: number,
    started_at: at(from),
    finished_at: to === null ? null : at(to),
    latency_ms: null,
  }) as GenerationAttempt

describe('what a generation spent its time on', () => {
  it('is its queue, its attempts and the waits between them', () => {
    const generation = {
      created_at: at(0),
      finished_at: at(6_000),
      attempts: [attempt(1, 20, 1_020), attempt(2, 3_020, 6_000)],
    }
    expect(stretchesOf(generation)).toEqual([
      { kind: 'queue', attempt: 1, from: 0, ms: 20 },
      { kind: 'attempt', attempt: 1, from: 20, ms: 1_000 },
      { kind: 'wait', attempt: 2, from: 1_020, ms: 2_000 },
      { kind: 'attempt', attempt: 2, from: 3_020, ms: 2_980 },
    ])
    expect(totalMs(generation)).toBe(6_000)
    expect(totalMs({ ...generation, finished_at: null })).toBeNull()
  })
})

it('tokens a second count from the first one', () => {
  expect(tokensPerSecond({ output_tokens: 90, latency_ms: 1_300, first_token_ms: 300 })).toBe(90)
  expect(tokensPerSecond({ output_tokens: 90, latency_ms: 300, first_token_ms: 300 })).toBeNull()
  expect(tokensPerSecond({ output_tokens: null, latency_ms: 1_300, first_token_ms: 300 })).toBeNull()
})

it('the usual is the middle of what is known, and nothing where too little is', () => {
  const one = (first: number | null) =>
    ({
      first_token_ms: first,
      latency_ms: 1_000,
      output_tokens: 10,
      created_at: at(0),
      started_at: at(10),
    }) as GenerationSummary
  expect(usualOf([one(100), one(200)])).toBeUndefined()
  expect(usualOf([one(300), one(100), one(null), one(200)])).toMatchObject({ firstTokenMs: 200, queueMs: 10 })
})
