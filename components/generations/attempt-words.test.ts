import { expect, it } from 'vitest'
import { anAttempt } from '#lib/testing/generation.ts'
import { attemptReason, finishWords } from './attempt-words.ts'

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
