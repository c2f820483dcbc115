import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { createRuntime, getRuntime, setRuntime } from '../runtime.ts'
import {
  clientAddress,
  forwardedHost,
  forwardedScheme,
  isForwardedPastNext,
  isForwardingHeader,
  isTrustedProxy,
  warnOfForwarding,
} from './forwarding.ts'
import { isWithin, networksFrom, senderOf } from './networks.ts'

beforeEach(() => {
  const trusted = { INCIPIT_SECURITY_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8:1::/48, 192.0.2.7' }
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent', ...trusted }, '/nowhere')))
})
afterEach(() => setRuntime(undefined))

const headers = (all: Record<string, string>) => (name: string) => all[name]
const from = (peer: string, all: Record<string, string>) => clientAddress(peer, headers(all))

describe('the address of a client', () => {
  it.each([
    ['10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.9, 10.1.2.3, 192.0.2.7', '203.0.113.9'],
    ['10.0.0.1', '10.2.2.2, 10.3.3.3', '10.2.2.2'],
    ['10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['2001:db8:1::5', '2001:db8:9::1', '2001:db8:9::1'],
    ['::ffff:10.0.0.1', '::ffff:203.0.113.9', '::ffff:203.0.113.9'],
    // Nothing that is no address counts, nor what stands before it.
    ['10.0.0.1', '198.51.100.1, unknown, 10.3.3.3', '10.3.3.3'],
    ['10.0.0.1', 'evil', '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
  ])('behind the trusted %s, X-Forwarded-For: %s, is %s', (peer, list, expected) => {
    expect(from(peer, { 'x-forwarded-for': list })).toBe(expected)
  })

  it.each(['203.0.113.1', '192.0.2.8', '2001:db8:2::1', '::1'])(
    'is %s itself, which nobody trusts',
    (peer) => {
      expect(from(peer, { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1' })).toBe(peer)
    },
  )

  it.each([
    ['for=203.0.113.9', '203.0.113.9'],
    ['for="[2001:db8:9::1]:4711";proto=https', '2001:db8:9::1'],
    ['For=198.51.100.1;by=1, proto=https;for=203.0.113.9, for=10.1.1.1', '203.0.113.9'],
    ['for=_hidden', '10.0.0.1'],
    ['proto=https', '10.0.0.1'],
  ])('Forwarded: %s, is %s', (forwarded, expected) => {
    expect(from('10.0.0.1', { forwarded })).toBe(expected)
  })

  it('is the proxy where two headers tell different things: one of them is the client’s own', () => {
    const both = { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '198.51.100.1' }
    expect(from('10.0.0.1', both)).toBe('10.0.0.1')
    expect(from('10.0.0.1', { ...both, 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9')
  })
})

it('reads Host and scheme of the nearest proxy', () => {
  expect(forwardedHost(headers({ 'x-forwarded-host': 'evil.example, a.example' }))).toBe('a.example')
  expect(forwardedHost(headers({ forwarded: 'host=evil;for=1.2.3.4, host="a.example:8443"' }))).toBe(
    'a.example:8443',
  )
  expect(forwardedHost(headers({}))).toBeUndefined()
  expect(forwardedScheme(headers({ 'x-forwarded-proto': 'http, HTTPS' }))).toBe('https')
  expect(forwardedScheme(headers({ 'x-forwarded-proto': 'ftp' }))).toBeUndefined()
})

it('knows which headers tell of a proxy', () => {
  for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-anything'])
    expect(isForwardingHeader(name)).toBe(true)
  for (const name of ['host', 'x-real-ip', 'x-request-id', 'forwarded-for'])
    expect(isForwardingHeader(name)).toBe(false)
})

it('takes what Next adds to each request for no proxy', () => {
  const own = {
    host: 'localhost:3000',
    'x-forwarded-host': 'localhost:3000',
    'x-forwarded-for': '::ffff:127.0.0.1',
  }
  const added = { ...own, 'x-forwarded-proto': 'http', 'x-forwarded-port': '3000' }
  expect(isForwardedPastNext(new Headers(added))).toBe(false)
  for (const [name, value] of [
    ['x-forwarded-for', '203.0.113.9'],
    ['x-forwarded-for', '203.0.113.9, 127.0.0.1'],
    ['x-forwarded-host', 'prompts.example.org'],
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-user', 'ada'],
    ['forwarded', 'for=127.0.0.1'],
    ['via', '1.1 proxy'],
  ] as const)
    expect(isForwardedPastNext(new Headers({ ...added, [name]: value }))).toBe(true)
})

it('warns of headers that do not count once in the life of a process', () => {
  const warn = vi.spyOn(getRuntime().log, 'warn')
  for (let n = 0; n < 3; n++) warnOfForwarding('203.0.113.1')
  expect(warn).toHaveBeenCalledTimes(1)
})

describe('networks', () => {
  it('hold addresses of their own kind, however they are written', () => {
    const networks = networksFrom(['10.0.0.0/8', '::1', '2001:db8::/32'])
    for (const address of ['10.255.0.1', '::ffff:10.0.0.1', '0:0:0:0:0:0:0:1', '2001:DB8::5'])
      expect(isWithin(address, networks)).toBe(true)
    for (const address of ['11.0.0.1', '::2', '2001:db9::1', 'localhost', '', undefined])
      expect(isWithin(address, networks)).toBe(false)
    expect(isTrustedProxy(undefined)).toBe(false)
  })

  it('make one sender of an address, and of the /64 that one customer has', () => {
    expect(senderOf('2001:db8:1:2::1')).toBe(senderOf('2001:db8:1:2:ffff::9'))
    expect(senderOf('2001:db8:1:2::1')).not.toBe(senderOf('2001:db8:1:3::1'))
    expect(senderOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(senderOf('192.0.2.1')).not.toBe(senderOf('192.0.2.2'))
    expect(senderOf(undefined)).toBe('unknown')
  })
})
