import { describe, expect, it } from 'vitest'
import { withTimeout } from './timeout.ts'

const never = new Promise<string>(() => undefined)

/** Holds the event loop. */
function hold(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('withTimeout', () => {
  it('answers what the work answers', async () => {
    expect(await withTimeout(Promise.resolve('here'), 1_000)).toBe('here')
  })

  it('gives up after its time', async () => {
    const started = performance.now()
    expect(await withTimeout(never, 250)).toBeUndefined()
    expect(performance.now() - started).toBeGreaterThanOrEqual(245)
  })

  it('tells why the work failed', async () => {
    const errors: unknown[] = []
    const failed = Promise.reject(new Error('mine'))
    expect(await withTimeout(failed, 250, (error) => errors.push(error))).toBeUndefined()
    expect(errors).toMatchObject([{ message: 'mine' }])
  })

  it('does not count the time that the process was held up itself', async () => {
    const work = new Promise<string>((resolve) => setTimeout(resolve, 1_100, 'late, and read later'))
    const waiting = withTimeout(work, 800)
    hold(1_000)
    expect(await waiting).toBe('late, and read later')
  })

  it('does not wait for ever, however often it is held up', async () => {
    const started = performance.now()
    const waiting = withTimeout(never, 500)
    const holding = setInterval(() => hold(600), 1)
    expect(await waiting).toBeUndefined()
    clearInterval(holding)
    expect(performance.now() - started).toBeLessThan(3_500)
  })
})
