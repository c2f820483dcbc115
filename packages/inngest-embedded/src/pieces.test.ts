import { Inngest, type InngestFunction } from 'inngest'
import { describe, expect, it } from 'vitest'
import { readFunctions } from './configuration.ts'
import { batched } from './database.ts'
import { parseDuration, parseMoment } from './duration.ts'
import { parseExpression, parseMatch, valueAt } from './expression.ts'
import { readConfigurations } from './protocol.ts'
import { checkpointFetch, type Handler, inProcessHandler } from './sdk.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

function handlerOf(make: (client: Inngest.Any) => InngestFunction.Any[]): Handler {
  const client = new Inngest({ id: 'app', isDev: false, signingKey: 'signkey-test-00', logger: silent })
  return inProcessHandler(client, make(client))
}

/** What the SDK tells of one function with these options. */
async function configured(options: Record<string, unknown>): Promise<unknown[]> {
  const handler = handlerOf((client) => [
    client.createFunction({ id: 'it', triggers: [{ event: 'some/event' }], ...options }, () => undefined),
  ])
  return readConfigurations(handler)
}

describe('configurations', () => {
  it('are read from the SDK itself', async () => {
    const [it] = readFunctions(
      await configured({
        retries: 7,
        concurrency: { limit: 5, key: 'event.data.provider' },
        priority: { run: "event.data.queue == 'interactive' ? 120 : 0" },
        cancelOn: [{ event: 'some/cancel', match: 'data.id' }],
      }),
    )
    expect(it).toMatchObject({ id: 'app-it', maxAttempts: 8, concurrency: { limit: 5 } })
    expect(it?.cancellations[0]?.match).toEqual({ own: ['data', 'id'], arriving: ['data', 'id'] })
    const event = { name: 'e', id: '1', ts: 0, data: { queue: 'interactive', provider: 'openai' } }
    expect(it?.priority?.evaluate(event)).toBe(120)
    expect(it?.concurrency?.key?.evaluate(event)).toBe('openai')
  })

  it.each([
    ['batchEvents', { batchEvents: { maxSize: 2, timeout: '1s' } }],
    ['debounce', { debounce: { period: '1s' } }],
    ['singleton', { singleton: { mode: 'skip' } }],
    ['timeouts', { timeouts: { finish: '1m' } }],
    ['cancelOn.timeout', { cancelOn: [{ event: 'x', timeout: '1h' }] }],
    [
      'concurrency may have one limit alone',
      { concurrency: [{ limit: 1 }, { limit: 2, key: 'event.data.a' }] },
    ],
    ['concurrency.scope', { concurrency: [{ limit: 1, scope: 'account', key: '"a"' }] }],
    ['triggers.jitter', { triggers: [{ cron: '* * * * *', jitter: '10s' }] }],
    ['priority.run', { priority: { run: 'event.data.(' } }],
    ['priority.run', { priority: { run: 'nothing.known' } }],
    ['throttle is not supported by the embedded runner', { throttle: { limit: 10, period: '1m' } }],
    ['rateLimit is not supported by the embedded runner', { rateLimit: { limit: 10, period: '1m' } }],
    ['idempotency is not supported by the embedded runner', { idempotency: 'event.data.id' }],
    ['cancelOn needs one equality', { cancelOn: [{ event: 'x', if: 'async.data.n > event.data.n' }] }],
    ['cancelOn needs one equality', { cancelOn: [{ event: 'x' }] }],
  ])('are refused with the name of function and option: %s', async (named, options) => {
    const raw = await configured(options)
    expect(() => readFunctions(raw)).toThrow(`app-it: ${named}`)
  })
})

describe('expressions', () => {
  const event = { name: 'e', id: '1', ts: 0, data: { id: 'a', n: 5 } }

  it('are undefined where the event lacks what they ask for', () => {
    expect(parseExpression('event.data.missing == 1').evaluate(event)).toBeUndefined()
  })

  it('that are one equality are recognised, others are not', () => {
    const match = { own: ['data', 'id'], arriving: ['data', 'other'] }
    expect(parseMatch('event.data.id == async.data.other')).toEqual(match)
    expect(parseMatch('async.data.other == event.data.id')).toEqual(match)
    expect(parseMatch('event.data.id == event.data.id')).toBeUndefined()
    expect(parseMatch('event.data.id == async.data.id && true')).toBeUndefined()
    expect(valueAt(event, ['data', 'id'])).toBe('"a"')
    expect(valueAt(event, ['data', 'constructor'])).toBeUndefined()
  })
})

describe('times', () => {
  it.each([
    ['5s', 5000],
    ['1h30m', 5_400_000],
    ['300ms', 300],
    ['2w', 1_209_600_000],
    ['soon', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  it('are durations, seconds or dates', () => {
    expect(parseMoment('30', 1000)?.getTime()).toBe(31_000)
    expect(parseMoment('1m', 1000)?.getTime()).toBe(61_000)
    expect(parseMoment('2026-01-01T00:00:00Z', 0)?.toISOString()).toBe('2026-01-01T00:00:00.000Z')
    expect(parseMoment('no time', 0)).toBeUndefined()
  })
})

describe('the fetch of the client', () => {
  const post = (body: string) => ({ method: 'POST', body })
  const steps = [{ id: 'a', op: 'StepRun', data: 1 }]
  const result = post(JSON.stringify({ run_id: 'r', qi_id: 'job', steps }))

  it('hands the results of steps over, and says when a call is to end', async () => {
    const kept: unknown[] = []
    const told = checkpointFetch(() => ({
      keep: async (call, given) => {
        kept.push(call, given)
        return kept.length < 3
      },
    }))
    expect((await told('http://x/v1/checkpoint/r/async', result)).status).toBe(200)
    expect(kept).toEqual(['job', steps])
    expect((await told('http://x/v1/checkpoint/r/async', result)).status).toBe(409)
  })

  it('answers a failure as a server does', async () => {
    const away = checkpointFetch(() => ({ keep: () => Promise.reject(new Error('away')) }))
    expect((await away('http://x/v1/checkpoint/r/async', result)).status).toBe(503)
    const early = checkpointFetch(() => undefined)
    expect((await early('http://x/v1/checkpoint/r/async', result)).status).toBe(503)
  })

  it('says what needs a server', async () => {
    const fetch = checkpointFetch(() => undefined)
    const client = new Inngest({ id: 'app', isDev: false, eventKey: 'k', fetch, logger: silent })
    await expect(client.send({ name: 'some/event' })).rejects.toThrow('takes events by its own send()')
    expect((await fetch('http://x/v1/other')).status).toBe(404)
  })
})

describe('a batch', () => {
  it('gathers while another one is on its way', async () => {
    const sizes: number[] = []
    const add = batched(10, async (items: number[]) => {
      sizes.push(items.length)
      await Promise.resolve()
      return items.map((item) => item + 1)
    })
    expect(await Promise.all([1, 2, 3, 4].map(add))).toEqual([2, 3, 4, 5])
    expect(sizes).toEqual([1, 3])
  })

  it('fails alone where the data of one is at fault', async () => {
    const check = batched(10, async (items: number[]) => {
      if (items.includes(13)) throw Object.assign(new Error('no'), { code: '22023' })
      return items
    })
    const results = await Promise.allSettled([1, 2, 13, 4].map(check))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })
})
