import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { isAppError } from '../errors.ts'
import { createRuntime, setRuntime } from '../runtime.ts'
import { checkHost } from './host-guard.ts'
import { checkOrigin } from './origin-guard.ts'

const refusal = (check: () => void): string | undefined => {
  try {
    check()
    return undefined
  } catch (error) {
    return isAppError(error) ? error.code : 'crashed'
  }
}

beforeEach(() => {
  const config = loadConfig({}, '/nowhere')
  config.security.allowed_hosts.push('Prompts.Example.org')
  config.security.cors_origins.push('https://tools.example.org')
  setRuntime(createRuntime({ ...config, publicUrl: 'https://public.example.org' }))
})
afterEach(() => setRuntime(undefined))

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
    expect(refusal(() => checkOrigin(request))).toBeUndefined()
  })

  it.each([
    { origin: 'https://evil.example', host },
    { origin: 'null', host },
    { origin: '', host },
    { origin: 'http://localhost:3001', host },
    { origin: 'http://localhost:3000.evil.example', host },
    { origin: 'http://127.0.0.1:3000', host },
    { origin: undefined, host, fetchSite: 'cross-site' },
    { origin: 'http://undefined', host: undefined },
  ])('refuses %o', (request) => {
    expect(refusal(() => checkOrigin(request))).toBe('forbidden')
  })
})
