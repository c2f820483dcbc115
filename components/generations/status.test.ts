import { expect, it } from 'vitest'
import { GENERATION_STATUSES, isFinished as isFinishedInSchema } from '#lib/generations/schema.ts'
import { isFinished, STATUSES } from './status.ts'

it('statuses are those of the schema, and end where it says', () => {
  expect(STATUSES).toEqual(GENERATION_STATUSES)
  for (const status of STATUSES) expect(isFinished(status)).toBe(isFinishedInSchema(status))
})
