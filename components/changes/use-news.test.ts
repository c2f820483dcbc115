import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readWhenTold } from './use-news.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A reader whose reads end when the test says so. */
function setUp() {
  const reads: { end: () => void; fail: () => void }[] = []
  const read = () =>
    new Promise<void>((resolve, reject) => {
      reads.push({ end: resolve, fail: () => reject(new Error('away')) })
    })
  return { reads, reader: readWhenTold(read, () => 1_000) }
}

it('asks for nothing until it is told, then at once', async () => {
  const { reads, reader } = setUp()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reads).toHaveLength(0)
  reader.told()
  expect(reads).toHaveLength(1)
})

it('reads once more for all that it is told while it reads and rests', async () => {
  const { reads, reader } = setUp()
  reader.told()
  reader.told()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(reads).toHaveLength(1)
  reads[0]?.end()
  await vi.advanceTimersByTimeAsync(999)
  reader.told()
  expect(reads).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(reads).toHaveLength(2)
  reads[1]?.end()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reads).toHaveLength(2)
})

it('goes on after a read that failed, and no more once it has ended', async () => {
  const { reads, reader } = setUp()
  reader.told()
  reads[0]?.fail()
  await vi.advanceTimersByTimeAsync(1_000)
  reader.told()
  expect(reads).toHaveLength(2)
  reader.told()
  reader.end()
  reads[1]?.end()
  await vi.advanceTimersByTimeAsync(60_000)
  reader.told()
  expect(reads).toHaveLength(2)
})
