import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { appError, type ErrorCode } from '../../errors.ts'
import { createRuntime, getRuntime, setRuntime } from '../../runtime.ts'
import { notePageFailure, servePage } from './page.ts'

type Next = (response: ServerResponse) => void

let server: Server
let next: Next
let url: string

beforeEach(async () => {
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')))
  getRuntime().phase = 'ready'
  server = createServer((request, response) => servePage(request, response, () => next(response)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}/prompts` : ''
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  setRuntime(undefined)
})

/** The ways in which a failed page may be sent. */
const WAYS: [string, Next][] = [
  ['in pieces', (response) => void (response.write('half a '), response.write('page'), response.end())],
  ['at once', (response) => void response.end('half a page')],
  ['with its head first', (response) => void response.writeHead(500, { 'x-page': '1' }).end('half a page')],
  ['with flushed headers', (response) => void (response.flushHeaders(), response.end('half a page'))],
  ['later', (response) => void setImmediate(() => response.end('half a page'))],
]

describe('a page that failed at something that passes', () => {
  const CODES: ErrorCode[] = ['unavailable', 'overloaded', 'storage_full', 'read_only', 'lock_timeout']

  it.each(CODES)('%s is 503 and comes back by itself', async (code) => {
    next = (response) => {
      notePageFailure(appError(code, 'Too <much> at once.', { retryAfter: 7 }))
      response.statusCode = 500
      response.setHeader('content-encoding', 'gzip')
      response.setHeader('link', '</x.js>; rel=preload')
      response.end('half a page')
    }
    const answer = await fetch(url)
    const html = await answer.text()
    expect(answer.status).toBe(503)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'retry-after': '7',
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
    expect(answer.headers.get('link')).toBeNull()
    expect(html).toContain('Too &lt;much&gt; at once.')
    expect(html).toContain('/health/ready')
    expect(html).not.toContain('half a page')
  })

  it.each(WAYS)('is replaced whole, sent %s', async (_, send) => {
    next = (response) => {
      notePageFailure(appError('overloaded', 'Too much.'))
      response.statusCode = 500
      send(response)
    }
    const answer = await fetch(url)
    expect([answer.status, (await answer.text()).endsWith('</html>\n')]).toEqual([503, true])
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([503, ''])
  })
})

describe('a page that is not touched', () => {
  it.each(WAYS)('one that nobody expected to fail, sent %s', async (_, send) => {
    next = (response) => {
      notePageFailure(appError('internal', 'A bug.'))
      response.statusCode = 500
      send(response)
    }
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([500, 'half a page'])
  })

  it('one that could be shown though a part of it failed', async () => {
    next = (response) => {
      notePageFailure(appError('overloaded', 'Too much.'))
      response.end('a page')
    }
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([200, 'a page'])
  })
})

describe('no page is asked of Next', () => {
  it.each([
    ['while the app starts', () => void (getRuntime().phase = 'starting')],
    ['while the database is away', () => getRuntime().database.availability.report(false)],
  ])('%s', async (_, take) => {
    next = () => expect.unreachable()
    take()
    const answer = await fetch(url)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
  })
})
