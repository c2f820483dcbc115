import { beforeEach, describe, expect, it } from 'vitest'
import { Transport } from '../http/transport.ts'
import type { Rendered } from '../public.ts'
import { Reporter } from './reporter.ts'

type Answer = (path: string, body: { uses?: unknown[]; receipt?: string }) => Response | Error

let answer: Answer
let sent: [string, unknown][]
let errors: string[]
let reporter: Reporter

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const well: Answer = (path, { uses = [] }) =>
  path === '/api/uses'
    ? json(200, { items: uses.map((_, index) => ({ receipt: `r${index}` })) })
    : json(201, {})

beforeEach(() => {
  answer = well
  sent = []
  errors = []
  const transport = new Transport({
    url: 'http://server.test',
    key: undefined,
    userAgent: 'test',
    timeoutMs: 1_000,
    retries: 0,
    fetch: async (url, init) => {
      const request = new Request(url, init)
      const { pathname } = new URL(request.url)
      const body = await request.json()
      sent.push([pathname, body])
      const given = answer(pathname, body)
      if (given instanceof Error) throw given
      return given
    },
  })
  reporter = new Reporter(transport, 60_000, (error) => errors.push(error.message))
})

const USE = { prompt: 'x', version: 1, variables: [], duration_us: 1 }
const rendered = () => ({ name: 'x' }) as Rendered
const lost = () => {
  const of = (what: string) =>
    errors.flatMap((message) => new RegExp(`lost: .*${what}: (\\d+)`).exec(message)?.[1] ?? [])
  const sum = (what: string) => of(what).reduce((total, count) => total + Number(count), 0)
  return { uses: sum('uses'), outcomes: sum('outcomes') }
}
const uses = () =>
  sent.flatMap(([path, body]) => (path === '/api/uses' ? [(body as { uses: unknown[] }).uses.length] : []))

describe('reports', () => {
  it('go in batches, and give receipts to the renders', async () => {
    const first = rendered()
    reporter.use(USE, first)
    for (let n = 0; n < 550; n++) reporter.use(USE)
    await reporter.close()
    expect(uses().reduce((sum, count) => sum + count, 0)).toBe(551)
    expect(uses()[0]).toBe(500)
    expect(first.receipt).toBe('r0')
  })

  it('tell the outcome after the use, by its receipt', async () => {
    const use = rendered()
    reporter.use(USE, use)
    reporter.outcome(use, { outcome: 'success', score: 1 })
    reporter.outcome('of elsewhere', { outcome: 'failure' })
    await reporter.flush()
    expect(sent.slice(1)).toEqual([
      ['/api/outcomes', { receipt: 'r0', outcome: 'success', score: 1 }],
      ['/api/outcomes', { receipt: 'of elsewhere', outcome: 'failure' }],
    ])
  })

  it('wait while the server refuses them for now, and are not told twice when their fate is unclear', async () => {
    reporter.use(USE)
    answer = () => json(503, { code: 'unavailable', detail: 'Soon.' })
    await reporter.flush()
    answer = well
    await reporter.flush()
    expect(uses()).toEqual([1, 1])
    reporter.use(USE)
    answer = () => new TypeError('fetch failed')
    await reporter.flush()
    answer = well
    await reporter.flush()
    expect(uses()).toEqual([1, 1, 1])
    expect(errors).toEqual([
      'Soon.',
      expect.stringContaining('server.test'),
      'Not reported, and lost: uses: 1.',
    ])
  })

  it('are as large as the server takes them, whatever it takes', async () => {
    answer = (path, body) =>
      (body.uses?.length ?? 0) > 60
        ? json(413, { code: 'too_large', detail: 'At most 60 uses are told at once.' })
        : well(path, body)
    const first = rendered()
    reporter.use(USE, first)
    for (let n = 0; n < 500; n++) reporter.use(USE)
    await reporter.close()
    const counted = uses().filter((count) => count <= 60)
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(501)
    expect(uses().length - counted.length).toBe(4)
    expect(first.receipt).toBe('r0')
    expect(errors).toEqual([])
  })

  it('that are lost are told, with their number', async () => {
    answer = () => json(503, { code: 'unavailable', detail: 'Soon.' })
    // The first 500 are on their way at once.
    for (let n = 0; n < 10_504; n++) reporter.use(USE)
    for (let n = 0; n < 10_001; n++) reporter.outcome('r', { outcome: 'success' })
    await reporter.flush()
    expect(lost()).toEqual({ uses: 4, outcomes: 1 })
    answer = () => json(413, { code: 'too_large', detail: 'One is too large.' })
    errors = []
    await reporter.flush()
    expect(lost()).toEqual({ uses: 1, outcomes: 0 })
    answer = () => json(404, { code: 'not_found', detail: 'No.' })
    errors = []
    await reporter.flush()
    expect(lost()).toEqual({ uses: 10_499, outcomes: 0 })
  })

  it('do not follow each render while the server is away, however many wait', async () => {
    answer = () => json(503, { code: 'unavailable', detail: 'Soon.' })
    for (let n = 0; n < 500; n++) reporter.use(USE)
    await reporter.flush()
    const before = sent.length
    for (let n = 0; n < 20; n++) {
      reporter.use(USE)
      await new Promise(setImmediate)
    }
    expect(sent).toHaveLength(before)
    answer = well
    await reporter.flush()
    expect(uses().slice(before)).toEqual([500, 20])
  })

  it('that the server did not count leave no receipt behind, and no outcome is sent for them', async () => {
    answer = (path, body) =>
      path === '/api/uses'
        ? json(200, { items: [{ receipt: null, refused: 'not_found' }] })
        : well(path, body)
    const use = rendered()
    reporter.use(USE, use)
    reporter.outcome(use, { outcome: 'success' })
    await reporter.flush()
    expect(use).not.toHaveProperty('receipt')
    expect(sent.map(([path]) => path)).toEqual(['/api/uses'])
    expect(errors).toEqual([expect.stringContaining('no receipt')])
  })

  it('are given up where the server has no place for them, but outcomes are not', async () => {
    answer = (path, body) =>
      path === '/api/uses' ? json(404, { code: 'not_found', detail: 'No.' }) : well(path, body)
    reporter.use(USE)
    await reporter.flush()
    reporter.use(USE)
    reporter.outcome('r', { outcome: 'success' })
    await reporter.flush()
    expect(sent.map(([path]) => path)).toEqual(['/api/uses', '/api/outcomes'])
  })

  it('of an outcome that is refused keep no other back', async () => {
    answer = (path, body) =>
      body.receipt === 'forged' ? json(422, { code: 'unprocessable', detail: 'Forged.' }) : well(path, body)
    reporter.outcome('forged', { outcome: 'success' })
    reporter.outcome(rendered(), { outcome: 'success' })
    reporter.outcome('good', { outcome: 'success' })
    await reporter.flush()
    await reporter.flush()
    expect(sent.map(([, body]) => (body as { receipt: string }).receipt)).toEqual(['forged', 'good'])
    expect(errors).toEqual(['Forged.'])
  })
})
