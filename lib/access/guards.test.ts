import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { isAppError } from '../errors.ts'
import { createRuntime, setRuntime } from '../runtime.ts'
import { checkHost, checkToolHost } from './host-guard.ts'
import { checkOrigin } from './origin-guard.ts'

const refusal = (check: () => void): string | undefined => {
  try {
    check()
    return undefined
  } catch (error) {
    return isAppError(error) ? error.code : 'crashed'
  }
}

beforeAll(() => {
  const config = loadConfig({}, '/nowhere')
  config.security.allowed_hosts.push('Prompts.Example.org')
  config.security.cors_origins.push('https://tools.example.org')
  setRuntime(createRuntime({ ...config, publicUrl: 'https://public.example.org' }))
})
afterAll(() => setRuntime(undefined))

describe('checkHost', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST:3000',
    'localhost.:3000',
    '127.0.0.1:80',
    '127.9.9.9',
    '[::1]:3000',
    'prompts.example.org',
    'public.example.org:443',
  ])('lets %s pass', (host) => {
    expect(refusal(() => checkHost(host))).toBeUndefined()
  })

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:localhost',
    'localhost:80:80',
    'user@localhost',
    '0.0.0.0',
    '[::1',
    'a b',
  ])('refuses %s', (host) => {
    expect(refusal(() => checkHost(host))).toBe('forbidden')
  })
})

describe('checkOrigin', () => {
  const host = 'localhost:3000'

  it.each([
    { origin: undefined, host },
    { origin: undefined, host, fetchSite: 'same-origin' },
    { origin: undefined, host, fetchSite: 'none' },
    { origin: 'http://localhost:3000', host },
    { origin: 'https://public.example.org', host },
    { origin: 'https://tools.example.org', host, fetchSite: 'cross-site' },
  ])('lets %o pass', (request) => {
    expect(refusal(() => checkOrigin(request, { mayNavigate: false }))).toBeUndefined()
  })

  it.each([
    { origin: 'https://evil.example', host },
    { origin: 'null', host },
    { origin: '', host },
    { origin: 'http://localhost:3001', host },
    { origin: 'http://localhost:3000.evil.example', host },
    { origin: 'http://127.0.0.1:3000', host },
    { origin: undefined, host, fetchSite: 'cross-site' },
    { origin: undefined, host, fetchSite: 'same-site' },
    { origin: undefined, host, fetchSite: 'same-origin, cross-site' },
    { origin: undefined, host, fetchSite: '' },
    { origin: undefined, host, fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'document' },
    { origin: 'http://undefined', host: undefined },
  ])('refuses %o', (request) => {
    expect(refusal(() => checkOrigin(request, { mayNavigate: false }))).toBe('forbidden')
  })
})

describe('checkOrigin where somebody may follow a link to', () => {
  const host = 'localhost:3000'
  const link = {
    origin: undefined,
    host,
    fetchSite: 'cross-site',
    fetchMode: 'navigate',
    fetchDest: 'document',
  }
  const refused = (request: Parameters<typeof checkOrigin>[0]) =>
    refusal(() => checkOrigin(request, { mayNavigate: true }))

  it('lets a window of its own come from anywhere', () => {
    expect(refused(link)).toBeUndefined()
    expect(refused({ ...link, fetchSite: 'same-site' })).toBeUndefined()
  })

  it.each([
    { fetchDest: 'iframe' },
    { fetchDest: 'image' },
    { fetchDest: undefined },
    { fetchMode: 'no-cors' },
    { fetchMode: 'cors' },
    { fetchMode: undefined },
  ])('refuses what a page embeds or fetches: %o', (changes) => {
    expect(refused({ ...link, ...changes })).toBe('forbidden')
  })
})

describe('checkToolHost', () => {
  const refused = (headers: NodeJS.Dict<string>) => refusal(() => checkToolHost((name) => headers[name]))

  it.each([
    { host: '10.1.2.3:3000' },
    { host: 'incipit.prompts.svc:3000', 'user-agent': 'Prometheus/3.1.0' },
    { host: 'localhost', 'sec-fetch-site': 'same-origin', referer: 'http://localhost/' },
    {},
  ])('lets a tool ask under any name, and a page under ours: %o', (headers) => {
    expect(refused(headers)).toBeUndefined()
  })

  it.each(['origin', 'referer', 'cookie', 'accept-language', 'sec-fetch-site', 'sec-fetch-dest'])(
    'knows a page under another name by its %s',
    (header) => {
      expect(refused({ host: 'incipit:3000', [header]: 'x' })).toBe('forbidden')
    },
  )

  it("knows Node's own fetch for a tool, and what a page may set for no sign of one", async () => {
    const arrived = Promise.withResolvers<NodeJS.Dict<string>>()
    const server = createServer((request, response) => {
      arrived.resolve(request.headers as NodeJS.Dict<string>)
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)
      const sent = await arrived.promise
      expect(refused({ ...sent, host: 'incipit:3000' })).toBeUndefined()
      for (const name of ['origin', 'referer', 'cookie', 'sec-fetch-site', 'sec-fetch-dest'])
        expect(refused({ ...sent, host: 'incipit:3000', [name]: 'x' })).toBe('forbidden')
    } finally {
      server.close()
    }
    // A page at an address without TLS sends no `sec-…`, and may write any language.
    expect(refused({ host: 'incipit:3000', 'accept-language': '*' })).toBe('forbidden')
  })
})
