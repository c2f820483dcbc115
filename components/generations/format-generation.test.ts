import { describe, expect, it } from 'vitest'
import { anAttempt } from '#lib/testing/models/generation.ts'
import { BLOCK, textBlocks } from './answer/streamed-text.tsx'
import { attemptReason, finishWords, formatCost, formatSpan, formatTokens } from './format-generation.ts'

describe('facts of a generation', () => {
  it.each([
    [null, '–'],
    [0, '$0.00'],
    [1234.5, '$1,234.50'],
    [0.504, '$0.50'],
    [0.0312, '$0.0312'],
    [0.00041977, '$0.00042'],
    [0.0000001, '< $0.000001'],
  ])('a cost of %s is %s', (dollars, words) => {
    expect(formatCost(dollars)).toBe(words)
  })

  it('tokens are those that are known', () => {
    expect(formatTokens(1200, 340)).toBe('1,200 in, 340 out')
    expect(formatTokens(1200, null)).toBe('1,200 in')
    expect(formatTokens(null, null)).toBe('–')
  })

  it('a span is told in what people count in', () => {
    expect(formatSpan(null)).toBe('–')
    expect(formatSpan(320.4)).toBe('320 ms')
    expect(formatSpan(2_412)).toBe('2.41 s')
    expect(formatSpan(72_300)).toBe('1 min 12 s')
  })
})

describe('a long text', () => {
  const line = `${'x'.repeat(99)}\n`

  it('is laid out in blocks of whole lines, which are the text again', () => {
    const text = `${line.repeat(100)}\n\n${line.repeat(10)}end`
    const blocks = textBlocks(text)
    expect(blocks.length).toBeGreaterThan(2)
    expect(blocks.join('\n')).toBe(text)
  })

  it('keeps its blocks while it grows', () => {
    const before = textBlocks(line.repeat(90))
    const after = textBlocks(line.repeat(130))
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
    expect(textBlocks('x'.repeat(BLOCK * 3))).toHaveLength(1)
  })
})

it('an attempt tells why it was made', () => {
  const error = { code: 'rate_limited', message: 'Too many requests' }
  const attempts = [
    anAttempt({ status: 'failed', error }),
    anAttempt({ attempt: 2, status: 'failed', error: null }),
    anAttempt({ attempt: 3, configuration: 'two', status: 'succeeded' }),
  ]
  expect(attempts.map((_, index) => attemptReason(attempts, index))).toEqual([
    undefined,
    'Asked again, as attempt 1 failed (rate limited)',
    'Instead of one, which failed',
  ])
})

it('a reason for the end that nobody knows is told as it is', () => {
  expect(finishWords('length')).toBe('cut at its greatest length')
  expect(finishWords('pause_turn')).toBe('pause_turn')
})
