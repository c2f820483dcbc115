import { expect, it } from 'vitest'
import { createReplicaLag } from './replica-lag.ts'

function lagWithClock() {
  const clock = { now: 0 }
  const lag = createReplicaLag(() => clock.now)
  /** One look at a replica that has a revision, while the primary is known to have another. */
  const look = (at: number, has: number, primary: number, unreplayed_ms: number | null = null) => {
    clock.now = at
    lag.update({ revisions: [{ id: 'w', revision: has }], unreplayed_ms }, () => primary)
    return lag.ms
  }
  return look
}

it('is none while the replica has what the primary had at the look before', () => {
  const look = lagWithClock()
  for (let n = 1; n < 10; n++) expect(look(n * 1000, n, n + 1)).toBe(0)
})

it('is the age of the oldest revision that the replica lacks', () => {
  const look = lagWithClock()
  look(0, 7, 8)
  expect(look(1000, 7, 9)).toBe(1000)
  expect(look(9000, 7, 50)).toBe(9000)
  expect(look(10_000, 50, 50)).toBe(0)
})

it('counts what arrived and was not replayed, from when it was first found so', () => {
  const look = lagWithClock()
  const overnight = 30_000_000
  expect(look(0, 1, 1, overnight)).toBe(0)
  expect(look(1000, 1, 1, overnight + 1000)).toBe(1000)
  expect(look(2000, 1, 1, 40)).toBe(40)
  expect(look(3000, 1, 1, null)).toBe(0)
})
