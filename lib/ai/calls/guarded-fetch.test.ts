import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { failureOf } from '../providers/failure-of.ts'
import { createOutgoing, type Outgoing, type Resolve } from './guarded-fetch.ts'

const base = loadConfig({}, '/nowhere')
const watch = { received: () => undefined }

let server: Server
let port: number
let asked = 0
let out: Outgoing | undefined

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1
    if (request.url === '/elsewhere') response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    else response.writeHead(200, { connection: 'close' }).end(JSON.stringify(request.headers))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())
afterEach(async () => {
  asked = 0
  await out?.close()
})

function outgoing(resolve: Resolve, { local = false, allowed = [] as string[] } = {}) {
  const security = { ...base.security, allow_open: !local }
  out = createOutgoing({ ...base, security, ai: { ...base.ai, allowed_hosts: allowed } }, resolve)
  return out.fetchFor(watch)
}

const to =
  (...addresses: string[]): Resolve =>
  (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

async function kindOf(work: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await work.catch((reason: unknown) => reason)
  return failureOf(error, { provider: 'It', hide: undefined })?.kind
}

describe('case 20: SSRF', () => {
  it('blocks a name that resolves to this machine, after the check of its URL', async () => {
    const call = outgoing(to('127.0.0.1'))
    expect(await kindOf(call(`https://rebound.example.org:${port}/`))).toBe('blocked_address')
    expect(asked).toBe(0)
  })

  it('blocks a name when one of several addresses is private', async () => {
    expect(await kindOf(outgoing(to('93.184.216.34', '10.0.0.1'))('https://mixed.example.org/'))).toBe(
      'blocked_address',
    )
  })

  it('checks at every connection, so that a name which turns is blocked (DNS rebinding)', async () => {
    const answers = ['127.0.0.1', '169.254.169.254']
    const call = outgoing((host, done) => to(answers.shift() ?? '')(host, done), { local: true })
    expect((await call(`http://turning.example.org:${port}/`)).status).toBe(200)
    await expect
      .poll(() => kindOf(call(`http://turning.example.org:${port}/`)), { timeout: 2000 })
      .toBe('blocked_address')
    expect(asked).toBe(1)
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
  ])('blocks %s, with and without local mode', async (url) => {
    expect(await kindOf(outgoing(to())(url))).toBe('blocked_address')
    expect(await kindOf(outgoing(to(), { local: true })(url))).toBe('blocked_address')
  })

  it('follows no redirect', async () => {
    const call = outgoing(to(), { local: true })
    expect(await kindOf(call(`http://127.0.0.1:${port}/elsewhere`))).toBe('blocked_address')
    expect(asked).toBe(1)
  })

  it('reaches this machine at home, and where the operator allows it', async () => {
    expect((await outgoing(to(), { local: true })(`http://127.0.0.1:${port}/`)).status).toBe(200)
    expect(
      (await outgoing(to('127.0.0.1'), { allowed: ['llm.internal'] })(`http://llm.internal:${port}/`)).status,
    ).toBe(200)
    expect((await outgoing(to(), { allowed: ['127.0.0.0/8'] })(`http://127.0.0.1:${port}/`)).status).toBe(200)
    expect(await kindOf(outgoing(to('127.0.0.1'))(`http://llm.internal:${port}/`))).toBe('blocked_address')
  })
})

it('sends no header that describes the machine or came from the environment', async () => {
  const headers = { authorization: 'Bearer k', 'x-stainless-os': 'Linux', 'x-custom': '1', accept: 'a/b' }
  const answer = await outgoing(to(), { local: true })(`http://127.0.0.1:${port}/`, { headers })
  const sent = Object.keys((await answer.json()) as object)
  expect(sent).toEqual(expect.arrayContaining(['authorization', 'accept']))
  expect(sent).not.toEqual(expect.arrayContaining(['x-stainless-os']))
  expect(sent).not.toEqual(expect.arrayContaining(['x-custom']))
})

it.each([
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
])('a name that cannot be resolved (%s) is unreachable', async (code, kind) => {
  const fails: Resolve = (_host, done) => done(Object.assign(new Error('dns'), { code }), [])
  expect(await kindOf(outgoing(fails)('https://gone.example.org/'))).toBe(kind)
})

it('a port where nobody listens is unreachable', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => void closed.listen(0, '127.0.0.1', resolve))
  const { port: free } = closed.address() as AddressInfo
  await new Promise((resolve) => void closed.close(resolve))
  expect(await kindOf(outgoing(to(), { local: true })(`http://127.0.0.1:${free}/`))).toBe('unreachable')
})
