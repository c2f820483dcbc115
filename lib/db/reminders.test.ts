import { expect, it } from 'vitest'
import { growingIntervals } from './reminders.ts'

it('is due at once, then after waits that double up to the longest', () => {
  let clock = 0
  const reminder = growingIntervals(5, 20, () => clock)
  const due: number[] = []
  for (; clock < 80; clock++) if (reminder.isDue()) due.push(clock)
  expect(due).toEqual([0, 5, 15, 35, 55, 75])
})
