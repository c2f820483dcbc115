import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../ai/calls/addresses.ts'
import { fetchDocument, type Resolve, type Way } from './fetch-document.ts'

// A certificate of client.example that nobody else trusts, until 2126.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+Rt8IKutYbKmB4ji
y/5gURj14BtWst+US8h54ctn6huhRANCAAQnY8tCofrZQsojs268tKlarzANMhLI
XyGoXY+3zDYBxm5SmHiPZI8INF+Wbefk/JjDKhYaaSZOfOnOD/sNaEkB
-----END PRIVATE KEY-----`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBpTCCAUqgAwIBAgIUOzfuP6bfV7tEt3CRMyihSIeMnw8wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOY2xpZW50LmV4YW1wbGUwIBcNMjYxMTI5MTEzNTU3WhgPMjEy
NjExMDUxMTM1NTdaMBkxFzAVBgNVBAMMDmNsaWVudC5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEJ2PLQqH62ULKI7NuvLSpWq8wDTISyF8hqF2Pt8w2
AcZuUph4j2SPCDRflm3n5PyYwyoWGmkmTnzpzg/7DWhJAaNuMGwwHQYDVR0OBBYE
FKtwldpBShLWijGLcP1tjcRQVkFRMB8GA1UdIwQYMBaAFKtwldpBShLWijGLcP1t
jcRQVkFRMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIOY2xpZW50LmV4YW1w
bGUwCgYIKoZIzj0EAwIDSQAwRgIhALKDepI6DM739GW1F5Z9laX+6w3Q+O2718GC
iRmku0ziAiEArNeFWLkalbG2F5iDjO8iXc317+P9IoiGkURE62AiSYA=
-----END CERTIFICATE-----`

const resolvingTo =
  (...addresses: string[]): Resolve =>
  (_, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

const way = (resolve: Resolve): Way => ({ resolve, isAllowed: isPublicAddress, timeMs: 1000 })

const blocked = /not in the public network/

describe('case 20: the document of a client', () => {
  it.each([
    'http://example.org/client.json',
    'https://127.0.0.1/client.json',
    'https://[::1]/client.json',
    'https://[::ffff:169.254.169.254]/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/client.json',
    'https://0x7f000001/client.json',
    'https://10.0.0.1/client.json',
    'https://100.100.100.200/client.json',
  ])('is not read from %s', async (url) => {
    await expect(fetchDocument(url, way(resolvingTo('93.184.216.34')))).rejects.toThrow(blocked)
  })

  it.each([['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], ['fd00::1'], ['169.254.169.254']])(
    'is not read where a name leads to %s',
    async (...addresses) => {
      await expect(
        fetchDocument('https://client.example/a.json', way(resolvingTo(...addresses))),
      ).rejects.toThrow(blocked)
    },
  )

  it('is read from no name that leads nowhere', async () => {
    await expect(fetchDocument('https://client.example/a.json', way(resolvingTo()))).rejects.toThrow(blocked)
  })
})

describe('a document that is reached', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })

  async function read(answer: RequestListener, timeMs = 5000) {
    server = createServer({ key: KEY, cert: CERTIFICATE }, answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    return fetchDocument(`https://client.example:${port}/a.json`, {
      resolve: resolvingTo('127.0.0.1'),
      isAllowed: (found) => found === '127.0.0.1',
      timeMs,
      ca: CERTIFICATE,
    })
  }
  const json = { 'content-type': 'application/json' }

  it('is read with what it says of being kept', async () => {
    const headers = { ...json, 'cache-control': 'max-age=60' }
    const found = await read((_, response) => response.writeHead(200, headers).end('{"a":1}'))
    expect(found).toEqual({ text: '{"a":1}', cacheControl: 'max-age=60' })
  })

  it('is asked for without anything that tells of this server', async () => {
    let sent: object = {}
    await read((request, response) => {
      sent = request.headers
      response.writeHead(200, json).end('{}')
    })
    expect(Object.keys(sent).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ])
  })

  it('is not followed elsewhere', async () => {
    const redirected = read((_, response) =>
      response.writeHead(302, { location: 'https://client.example/b' }).end(),
    )
    await expect(redirected).rejects.toThrow(/status 302/)
  })

  it.each([
    ['is no JSON', { 'content-type': 'text/html' }, '{}'],
    ['came in a content encoding', { ...json, 'content-encoding': 'gzip' }, gzipSync('{}')],
  ])('is refused that %s', async (reason, headers, body) => {
    await expect(read((_, response) => response.writeHead(200, headers).end(body))).rejects.toThrow(reason)
  })

  it('is refused beyond 64 kB, whatever it announces', async () => {
    await expect(
      read((_, response) => response.writeHead(200, json).end(' '.repeat(65_537))),
    ).rejects.toThrow(/exceeded max size/)
    const endless = read((_, response) => {
      response.writeHead(200, json)
      const send = (): void =>
        void (response.write(' '.repeat(8192)) ? setImmediate(send) : response.once('drain', send))
      send()
    })
    await expect(endless).rejects.toThrow(/exceeded max size/)
  })

  it('is given up when it does not come in time', async () => {
    const before = performance.now()
    await expect(read((_, response) => void response.writeHead(200, json).write('{'), 200)).rejects.toThrow(
      /timeout/,
    )
    expect(performance.now() - before).toBeLessThan(3000)
  })

  it('is not read from a host whose certificate nobody vouches for', async () => {
    server = createServer({ key: KEY, cert: CERTIFICATE }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const untrusted: Way = { resolve: resolvingTo('127.0.0.1'), isAllowed: () => true, timeMs: 1000 }
    await expect(fetchDocument(`https://client.example:${port}/a.json`, untrusted)).rejects.toThrow(
      /certificate/,
    )
  })
})
