import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { createLog, type Log } from '../../log.ts'
import { SentCounts } from '../sent.ts'
import { readDsn } from './dsn.ts'
import { createErrorReports, type ErrorReports } from './reports.ts'

let server: Server | undefined
let bodies: string[] = []
const lines: string[] = []
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  bodies = []
  lines.length = 0
})

type Respond = (response: ServerResponse, count: number) => void

/** A tracker that answers as it is told; its address. */
async function tracker(respond: Respond): Promise<string> {
  server = createServer((request, response) => {
    void text(request).then((body) => respond(response, bodies.push(body)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://key@127.0.0.1:${(server.address() as AddressInfo).port}/below/3`
}

const counts = { current: new SentCounts() }

function reporter(dsn: string, telemetry: Record<string, string> = {}): { log: Log; reports: ErrorReports } {
  const environment = Object.entries(telemetry).map(([key, value]) => [`INCIPIT_TELEMETRY_${key}`, value])
  const config = loadConfig({ SENTRY_DSN: dsn, ...Object.fromEntries(environment) }, '/nowhere')
  counts.current = new SentCounts()
  const follow = { ids: () => ({}), line: (text: string) => reports.follow(text) }
  const log = createLog({ level: 'info', format: 'json' }, { write: (line) => void lines.push(line) }, follow)
  const reports = createErrorReports({ config, log }, dsn, counts.current)
  return { log, reports }
}

const ok: Respond = (response) => void response.end('{}')
const eventIn = (body = '') => JSON.parse(body.split('\n')[2] ?? '') as Record<string, unknown>

describe('a report', () => {
  it('says what kind of error it was and where, and nothing of people or values', async () => {
    const { log, reports } = reporter(await tracker(ok))
    const cause = Object.assign(new Error('duplicate key "ada@example.org"'), { code: '23505' })
    const fields = { request_id: 'r-1', method: 'GET', route: '/api/prompts', status: 500, actor: 'person-1' }
    log.error(
      { ...fields, client: 'agent/1', err: new TypeError('bad "text of somebody"', { cause }) },
      'request failed',
    )
    await reports.flush()
    const event = eventIn(bodies[0])
    expect(event).toMatchObject({
      platform: 'node',
      level: 'error',
      environment: 'production',
      transaction: 'GET /api/prompts',
      logentry: { formatted: 'request failed' },
      tags: { request_id: 'r-1', method: 'GET', status: '500' },
      exception: {
        values: [
          { type: 'Error 23505', value: 'duplicate key "…"' },
          { type: 'TypeError', value: 'bad "…"', stacktrace: { frames: expect.any(Array) } },
        ],
      },
    })
    expect(bodies[0]).not.toMatch(/person-1|agent|ada@|somebody/)
  })

  it('is of what nobody foresaw alone', async () => {
    const { log, reports } = reporter(await tracker(ok))
    log.warn({ err: new Error('a warning') }, 'no error')
    log.error('without an error')
    log.error({ status: 503, err: new Error('ECONNREFUSED') }, 'request failed')
    log.error({ err: Object.assign(new Error('known'), { name: 'AppError', code: 'unavailable' }) }, 'x')
    log.fatal({ err: new Error('the last') }, 'the start failed')
    await reports.flush()
    expect(bodies.map((body) => eventIn(body).level)).toEqual(['fatal'])
  })

  it('goes to the address of its DSN', () =>
    expect(readDsn('https://key@sentry.example.org:8443/a/b/12')).toEqual({
      url: 'https://sentry.example.org:8443/a/b/api/12/envelope/',
      publicKey: 'key',
    }))
})

describe('a tracker', () => {
  const fail = (log: Log, count: number) => {
    for (let n = 0; n < count; n++) log.error({ err: new Error('x') }, 'x')
  }
  const fates = () =>
    (['sent', 'failed', 'dropped'] as const).map((fate) => counts.current.of('errors', fate))

  it('gets no more in a minute than is configured', async () => {
    const { log, reports } = reporter(await tracker(ok), { ERRORS_PER_MINUTE: '3' })
    fail(log, 10)
    await reports.flush()
    expect(fates()).toEqual([3, 0, 7])
  })

  it('that is slow fills a queue and no more, and is told what was lost', async () => {
    const held: ServerResponse[] = []
    const dsn = await tracker((response, count) =>
      count === 1 ? void held.push(response) : ok(response, count),
    )
    const { log, reports } = reporter(dsn, { ERROR_QUEUE: '2' })
    fail(log, 5)
    await expect.poll(() => held.length).toBe(1)
    held[0]?.end('{}')
    await reports.flush()
    expect(fates()).toEqual([3, 0, 2])
    expect(bodies[1]).toContain('"quantity":2')
    expect(bodies[2]).not.toContain('client_report')
  })

  it('that has enough is left alone', async () => {
    const dsn = await tracker((response) => void response.writeHead(429, { 'retry-after': '60' }).end())
    const { log, reports } = reporter(dsn)
    fail(log, 3)
    await reports.flush()
    fail(log, 2)
    await reports.flush()
    expect(bodies).toHaveLength(1)
    expect(fates()).toEqual([0, 1, 4])
  })

  it('that is away is told of once, and reports nothing of itself', async () => {
    const { log, reports } = reporter('http://key@127.0.0.1:1/3')
    fail(log, 3)
    await reports.flush()
    expect(fates()).toEqual([0, 3, 0])
    expect(lines.filter((line) => line.includes('reports of errors cannot be sent'))).toHaveLength(1)
  })

  it('gets none where none is sampled', async () => {
    const { log, reports } = reporter(await tracker(ok), { ERROR_SAMPLE_RATE: '0' })
    fail(log, 3)
    await reports.flush()
    expect(fates()).toEqual([0, 0, 0])
  })
})
