import { expect, it } from 'vitest'
import { GENERATION_STATUSES, isFinished } from './status.ts'

it('a life ends in one of three ways', () => {
  expect(GENERATION_STATUSES.filter(isFinished)).toEqual(['succeeded', 'failed', 'cancelled'])
})
