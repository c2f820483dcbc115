import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { createRuntime, setRuntime } from '../runtime.ts'
import { notePeer } from './message.ts'
import { webRequest } from './web.ts'

beforeEach(() => setRuntime(createRuntime(loadConfig({}, '/nowhere'))))
afterEach(() => setRuntime(undefined))

/** What a server notes of a request with these headers, as Next hands it on. */
async function noted(headers: Record<string, string>): Promise<Headers> {
  const arrived = Promise.withResolvers<Headers>()
  const server = createServer((request, response) => {
    notePeer(request)
    arrived.resolve(new Headers(request.headers as Record<string, string>))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers })
    return await arrived.promise
  } finally {
    server.close()
  }
}

const addressOf = (headers: HeadersInit) => webRequest(new Request('http://localhost/', { headers })).address

it('hands the address of a connection on to routes, whatever a client says of it', async () => {
  expect(addressOf(await noted({}))).toBe('127.0.0.1')
  expect(addressOf(await noted({ 'x-incipit-peer': '10.0.0.1' }))).toBe('127.0.0.1')
})

it('believes nobody where no edge has noted it', () => {
  expect(addressOf({})).toBeUndefined()
  expect(addressOf({ 'x-incipit-peer': '10.0.0.1' })).toBeUndefined()
  expect(addressOf({ 'x-incipit-peer': 'AAAAAAAAAAAAAAAAAAAAAA 10.0.0.1' })).toBeUndefined()
})

it('believes no other process', async () => {
  const headers = await noted({})
  setRuntime(createRuntime(loadConfig({}, '/nowhere')))
  expect(addressOf(headers)).toBeUndefined()
})
