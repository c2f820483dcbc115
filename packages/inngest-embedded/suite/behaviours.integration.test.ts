import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSubject } from './database.ts'
import type { Entry } from './journal.ts'
import { embeddedSubject, type Subject, serverSubject } from './subject.ts'

/**
 * What functions may rely on, wherever they run: the embedded runner here; a server when
 * `npm run test:inngest -- --url …` names one.
 */
const url = process.env.INNGEST_TEST_URL
let subject: Subject

beforeAll(async () => {
  const keys = { eventKey: process.env.INNGEST_EVENT_KEY, signingKey: process.env.INNGEST_SIGNING_KEY }
  subject = await (url ? serverSubject(url, keys) : embeddedSubject())
})
afterAll(() => subject.close())

/** Sends an event of a test of its own. */
async function run(name: string, data: Record<string, unknown> = {}): Promise<string> {
  const own = newSubject()
  await subject.send({ name: subject.nameOf(name), data: { subject: own, ...data } })
  return own
}

/** Most that were between their begin and their end at the same time. */
function mostAtOnce(entries: readonly Entry[]): number {
  let now = 0
  let most = 0
  for (const { what } of entries) {
    if (what === 'begin') most = Math.max(most, ++now)
    if (what === 'end') now--
  }
  return most
}

describe.concurrent('steps', () => {
  it('run once each, in order, and hand their results on', async () => {
    const own = await run('steps')
    const [end] = await subject.journal.until(own, 'end')
    expect(end?.detail).toBe(2)
    expect(subject.journal.of(own).map(({ what }) => what)).toEqual(['one', 'two', 'end'])
  })

  it('go on after a sleep', async () => {
    const own = await run('sleep')
    const [after] = await subject.journal.until(own, 'after')
    const [before] = subject.journal.of(own, 'before')
    expect((after?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThanOrEqual(1900)
    expect(subject.journal.count(own, 'before')).toBe(1)
  })
})

describe.concurrent('failures', () => {
  it('are retried with growing waits, without what was done before', async () => {
    const own = await run('retried')
    await subject.journal.until(own, 'end')
    const tries = subject.journal.of(own, 'try')
    expect(tries.map(({ detail }) => detail)).toEqual([0, 1, 2])
    expect(subject.journal.count(own, 'kept')).toBe(1)
    expect((tries[1]?.at ?? 0) - (tries[0]?.at ?? 0)).toBeGreaterThan(200)
  })

  it('of a step can be caught once its retries are over', async () => {
    const own = await run('caught')
    const [caught] = await subject.journal.until(own, 'caught')
    expect(caught?.detail).toBe('always')
    expect(subject.journal.count(own, 'try')).toBe(2)
  })

  it('wait as long as RetryAfterError says', async () => {
    const own = await run('retry-after')
    await subject.journal.until(own, 'end')
    const [first, second] = subject.journal.of(own, 'try')
    const least = subject.cutsSeconds ? 1900 : 2900
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(least)
  })

  it('are not retried after NonRetriableError, and reach onFailure', async () => {
    const own = await run('non-retriable')
    const [failure] = await subject.journal.until(own, 'failure')
    expect(failure?.detail).toBe('hopeless')
    expect(subject.journal.count(own, 'try')).toBe(1)
  })

  it('of the function itself are retried and reach onFailure with the event', async () => {
    const own = await run('failing')
    const [failure] = await subject.journal.until(own, 'failure')
    expect(failure?.detail).toBe('it broke')
    expect(subject.journal.count(own, 'try')).toBe(2)
  })
})

describe.concurrent('flow control', () => {
  it('keeps the limit of each concurrency key', async () => {
    const groups = ['a', 'b', 'c'].map((name) => `${name}-${newSubject()}`)
    await subject.send(
      ...Array.from({ length: 24 }, (_, index) => {
        const group = groups[index % 3] ?? ''
        return { name: subject.nameOf('limited'), data: { subject: group, group } }
      }),
    )
    for (const group of groups) {
      await subject.journal.until(group, 'end', 8)
      expect(mostAtOnce(subject.journal.of(group))).toBe(2)
    }
  })

  it('runs what is urgent before what came earlier', async () => {
    const calm = newSubject()
    const urgent = newSubject()
    const event = (own: string, isUrgent: boolean) => ({
      name: subject.nameOf('one-at-a-time'),
      data: { subject: own, urgent: isUrgent },
    })
    await subject.send(...Array.from({ length: 10 }, () => event(calm, false)))
    await subject.journal.until(calm, 'begin')
    await subject.send(event(urgent, true))
    const [end] = await subject.journal.until(urgent, 'end')
    await subject.journal.until(calm, 'end', 10)
    expect(subject.journal.of(calm, 'begin').filter(({ at }) => at < (end?.at ?? 0)).length).toBeLessThan(8)
    expect(mostAtOnce(subject.journal.of(calm))).toBe(1)
  })

  it('cancels the runs that match, and tells it', async () => {
    const [gone, kept] = [await run('cancelled'), await run('cancelled')]
    await Promise.all([gone, kept].map((own) => subject.journal.until(own, 'before')))
    await subject.send({ name: subject.nameOf('cancel'), data: { subject: gone } })
    await subject.journal.until(gone, 'cancelled event')
    await subject.journal.until(kept, 'after')
    expect(subject.journal.count(gone, 'after')).toBe(0)
  })

  it('cancels the runs for which an equality holds', async () => {
    const [one, other] = [newSubject(), newSubject()]
    const [gone, kept] = [await run('cancelled', { group: one }), await run('cancelled', { group: other })]
    await Promise.all([gone, kept].map((own) => subject.journal.until(own, 'before')))
    await subject.send({ name: subject.nameOf('cancel-group'), data: { subject: gone, group: one } })
    await subject.journal.until(gone, 'cancelled event')
    await subject.journal.until(kept, 'after')
    expect(subject.journal.count(gone, 'after')).toBe(0)
  })

  it('starts a function once for an event id', async () => {
    const own = newSubject()
    const event = (id: string) => ({
      name: subject.nameOf('once'),
      id: `${own}-${id}`,
      data: { subject: own },
    })
    await subject.send(event('1'))
    // Events are not handled in the order in which they are sent: the first one has begun before the others come.
    await subject.journal.until(own, 'ran')
    await subject.send(event('1'), event('2'), event('2'))
    await subject.journal.until(own, 'ran', 2)
    await delay(500)
    expect(subject.journal.count(own, 'ran')).toBe(2)
  })

  it('starts what a trigger has a condition for only when it holds', async () => {
    const [small, large] = [await run('conditional', { number: 1 }), await run('conditional', { number: 5 })]
    await subject.journal.until(large, 'ran')
    expect(subject.journal.count(small, 'ran')).toBe(0)
  })
})
