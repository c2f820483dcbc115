import { describe, expect, it } from 'vitest'
import { newSubject } from './database.ts'
import type { Entry } from './journal.ts'
import { Place, steps } from './place.ts'

const pidOf = (entry: Entry | undefined) => (entry?.detail as { pid: number } | undefined)?.pid

describe.concurrent('a process that is killed', { timeout: 180_000 }, () => {
  it('loses no job to the others, and nothing that was kept runs again', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const workers = [await place.start(), await place.start()]
    const own = newSubject()
    await place.send(steps(own, 1500))
    const [begun] = await place.journal.until(own, 'begin b')
    const pid = pidOf(begun)
    await workers.find((worker) => worker.pid === pid)?.kill()
    const [end] = await place.journal.until(own, 'end')
    expect(pidOf(end)).not.toBe(pid)
    expect(place.journal.count(own, 'begin a')).toBe(1)
    expect(place.journal.count(own, 'begin b')).toBe(2)
    expect(place.journal.count(own, 'begin c')).toBe(1)
  })

  it('goes on at once when it starts again alone', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const lease = { leaseMs: 120_000 }
    const first = await place.start(lease)
    const own = newSubject()
    await place.send(steps(own, 1000))
    await place.journal.until(own, 'begin b')
    await first.kill()
    const killed = Date.now()
    await place.start(lease)
    const [, second] = await place.journal.until(own, 'begin b', 2)
    expect((second?.at ?? 0) - killed).toBeLessThan(lease.leaseMs / 2)
    await place.journal.until(own, 'end')
    expect(place.journal.count(own, 'ran again')).toBe(0)
  })

  it('three times by the same job fails the job, with the reason', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const own = newSubject()
    await place.send({ name: 'crash/killer', data: { subject: own } })
    for (let times = 1; times <= 3; times++) {
      const worker = await place.start()
      await place.journal.until(own, 'kill', times)
      await worker.ended
    }
    await place.start()
    const [failure] = await place.journal.until(own, 'failure')
    expect(failure?.detail).toMatchObject({ detail: 'The process ended 3 times while this ran.' })
    expect(place.journal.count(own, 'kill')).toBe(3)
    expect(place.journal.count(own, 'before')).toBe(1)
  })
})

describe.concurrent('a process that is asked to stop', () => {
  it('ends the step that runs, and hands the rest on at once', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const first = await place.start()
    const own = newSubject()
    await place.send(steps(own, 800))
    await place.journal.until(own, 'begin b')
    expect(await first.stop()).toBe(0)
    expect(place.journal.count(own, 'begin c')).toBe(0)
    await place.start()
    await place.journal.until(own, 'end')
    expect(place.journal.count(own, 'begin b')).toBe(1)
  })

  it('gives back what takes too long', async ({ onTestFinished }) => {
    const place = await Place.open()
    onTestFinished(() => place.close())
    const first = await place.start({ stopMs: 1000 })
    const own = newSubject()
    await place.send(steps(own, 5000))
    await place.journal.until(own, 'begin b')
    expect(await first.stop()).toBe(0)
    await place.start()
    await place.journal.until(own, 'end')
    // It would have begun once, had the stop waited for its end.
    expect(place.journal.count(own, 'begin b')).toBe(2)
    expect(place.journal.count(own, 'begin a')).toBe(1)
  })
})
