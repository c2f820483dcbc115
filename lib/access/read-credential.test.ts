import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { isAppError } from '../errors.ts'
import { createRuntime, setRuntime } from '../runtime.ts'
import { MCP_TAKES, PAGES_TAKE, REST_TAKES } from './identify.ts'
import { readCredential, type Takes } from './read-credential.ts'

function install(env: Record<string, string> = {}): void {
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent', ...env }, '/nowhere')))
}
beforeEach(() => install({ PORT: '3100' }))
afterEach(() => setRuntime(undefined))

function read(headers: Record<string, string>, takes: Takes = REST_TAKES): unknown {
  try {
    return readCredential({ header: (name) => headers[name] }, takes)
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
}

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
const KEY = { kind: 'key', secret: 'inc_abc' }

describe('readCredential', () => {
  it.each([
    ['Bearer inc_abc', KEY],
    ['bearer   inc_abc ', KEY],
    ['Bearer other', 'unauthenticated'],
    ['Bearer', 'unauthenticated'],
    ['inc_abc', 'unauthenticated'],
    ['Digest inc_abc', 'unauthenticated'],
    ['Bearer inc_abc inc_def', 'unauthenticated'],
    ['', 'unauthenticated'],
  ])('reads "Authorization: %s"', (authorization, found) => expect(read({ authorization })).toEqual(found))

  it.each(['inc_abc:', 'inc_abc:x', 'me:inc_abc'])('takes the key of Basic %s on REST alone', (text) => {
    expect(read(basic(text))).toEqual(KEY)
    expect(read(basic(text), MCP_TAKES)).toBe('unauthenticated')
    expect(read(basic(text), PAGES_TAKE)).toBe('unauthenticated')
  })

  it('refuses Basic without a key', () => expect(read(basic('me:secret'))).toBe('unauthenticated'))

  it('takes access tokens over MCP alone', () => {
    const headers = { authorization: 'Bearer token' }
    expect(read(headers, MCP_TAKES)).toEqual({ kind: 'token', secret: 'token' })
    expect(read(headers, PAGES_TAKE)).toBe('unauthenticated')
  })

  it('takes the cookie of a session, but not over MCP', () => {
    const headers = { cookie: 'other=1; incipit-3100=secret; x=2' }
    expect(read(headers)).toEqual({ kind: 'session', secret: 'secret' })
    expect(read(headers, PAGES_TAKE)).toEqual({ kind: 'session', secret: 'secret' })
    expect(read(headers, MCP_TAKES)).toBe('unauthenticated')
  })

  it('takes no cookie of another port, nor of https without https', () =>
    expect(read({ cookie: 'incipit-3000=a; __Host-incipit=b; xincipit-3100=c' })).toBe('unauthenticated'))

  it('binds the cookie to the host over https', () => {
    install({ PORT: '3100', INCIPIT_URL: 'https://prompts.example' })
    expect(read({ cookie: 'incipit-3100=a' })).toBe('unauthenticated')
    expect(read({ cookie: '__Host-incipit=b' })).toEqual({ kind: 'session', secret: 'b' })
  })

  it('refuses two credentials, whichever is good', () => {
    const cookie = 'incipit-3100=secret'
    expect(read({ cookie, authorization: 'Bearer inc_abc' })).toBe('invalid_input')
    expect(read({ cookie, authorization: 'nonsense' })).toBe('invalid_input')
  })
})
