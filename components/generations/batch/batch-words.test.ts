import { expect, it } from 'vitest'
import { batchShares, batchWords, finishedOf } from './batch-words.ts'

const counts = { queued: 276, running: 4, succeeded: 118, failed: 2, cancelled: 0 }

it('a batch tells how far it is', () => {
  const batch = { total: 400, counts }
  expect(finishedOf(batch)).toBe(120)
  expect(batchWords(batch)).toBe('118 succeeded, 2 failed, 4 running, 276 waiting')
  expect(batchShares(batch)).toEqual([
    { status: 'succeeded', percent: 29.5 },
    { status: 'failed', percent: 0.5 },
  ])
})

it('a batch whose rows are not made yet says that nothing has begun', () => {
  const none = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 }
  expect(batchWords({ total: 3, counts: none })).toBe('Nothing has begun')
  expect(batchShares({ total: 3, counts: none })).toEqual([])
})
