import { Inngest, type InngestFunction } from 'inngest'
import { describe, expect, it } from 'vitest'
import { together } from './batch.ts'
import { readFunctions } from './configuration.ts'
import { parseDuration, parseMoment } from './duration.ts'
import { parseExpression, parseMatch, valueAt } from './expression.ts'
import { type Handler, inProcessHandler } from './handler.ts'
import { readConfigurations } from './protocol.ts'
import { type ServerPart, serverFetch } from './server-fetch.ts'

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
        idempotency: 'event.data.id',
        cancelOn: [{ event: 'some/cancel', match: 'data.id' }],
        throttle: { limit: 10, period: '1m', burst: 2 },
      }),
    )
    expect(it).toMatchObject({ id: 'app-it', maxAttempts: 8, concurrency: { limit: 5 } })
    expect(it?.cancellations[0]?.match).toEqual({ own: ['data', 'id'], arriving: ['data', 'id'] })
    expect(it?.throttle).toMatchObject({ limit: 10, periodMs: 60_000, burst: 2 })
    const event = { name: 'e', id: '1', ts: 0, data: { queue: 'interactive', provider: 'openai' } }
    expect(it?.priority?.evaluate({ event })).toBe(120)
    expect(it?.concurrency?.key?.evaluate({ event })).toBe('openai')
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
    ['idempotency', { idempotency: 'nothing.known' }],
  ])('are refused with the name of function and option: %s', async (named, options) => {
    const raw = await configured(options)
    expect(() => readFunctions(raw)).toThrow(`app-it: ${named}`)
  })
})

describe('expressions', () => {
  const event = { name: 'e', id: '1', ts: 0, data: { id: 'a', n: 5 } }

  it('are undefined where the event lacks what they ask for', () => {
    expect(parseExpression('event.data.missing == 1', ['event']).evaluate({ event })).toBeUndefined()
  })

  it('compare the event of a run with the one that arrives', () => {
    const condition = parseExpression('event.data.n > async.data.n', ['event', 'async'])
    expect(condition.evaluate({ event, async: { ...event, data: { n: 3 } } })).toBe(true)
  })

  it('that are one equality are recognised, others are not', () => {
    expect(parseMatch('event.data.id == async.data.id')?.own).toEqual(['data', 'id'])
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
  const part = (result: Partial<ServerPart>) =>
    serverFetch(() => ({ send: async () => [], keep: async () => true, ...result }))
  const post = (body: string) => ({ method: 'POST', body })

  it('hands events over, and answers a failure as a server does', async () => {
    const good = part({ send: async (events) => events.map(({ name }) => name) })
    const answer = await good('http://x/e/key', post('[{"name":"a"}]'))
    expect(await answer.json()).toEqual({ ids: ['a'], status: 200 })
    const bad = part({ send: () => Promise.reject(new Error('away')) })
    expect((await bad('http://x/e/key', post('[]'))).status).toBe(503)
    expect((await good('http://x/v1/other')).status).toBe(404)
  })

  it('hands the results of steps over, and says when a call is to end', async () => {
    const kept: unknown[] = []
    const told = part({
      keep: async (call, steps) => {
        kept.push(call, steps)
        return kept.length < 3
      },
    })
    const steps = [{ id: 'a', op: 'StepRun', data: 1 }]
    const result = post(JSON.stringify({ run_id: 'r', qi_id: 'job', steps }))
    expect((await told('http://x/v1/checkpoint/r/async', result)).status).toBe(200)
    expect(kept).toEqual(['job', steps])
    expect((await told('http://x/v1/checkpoint/r/async', result)).status).toBe(409)
  })
})

describe('things done together', () => {
  it('gather while a batch is on its way', async () => {
    const sizes: number[] = []
    const add = together(10, async (items: number[]) => {
      sizes.push(items.length)
      await Promise.resolve()
      return items.map((item) => item + 1)
    })
    expect(await Promise.all([1, 2, 3, 4].map(add))).toEqual([2, 3, 4, 5])
    expect(sizes).toEqual([1, 3])
  })

  it('fail alone where the data of one is at fault', async () => {
    const check = together(10, async (items: number[]) => {
      if (items.includes(13)) throw Object.assign(new Error('no'), { code: '22023' })
      return items
    })
    const results = await Promise.allSettled([1, 2, 13, 4].map(check))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })
})
