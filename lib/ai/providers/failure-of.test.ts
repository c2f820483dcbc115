import { describe, expect, it } from 'vitest'
import { isProviderFailure, providerFailure } from './failure.ts'
import { failureInStream, failureOf } from './failure-of.ts'

const context = { provider: 'Acme', hide: 'planted-key-1' }
const errorWith = (code: string) => Object.assign(new Error('broken'), { code })

/** As the SDKs throw it for an answer with an error status. */
function answered(status: number | undefined, error: unknown, message = 'said') {
  return Object.assign(new Error(`${status} ${message}`), { status, headers: new Headers(), error })
}

describe('failureOf', () => {
  it.each([
    ['ECONNREFUSED', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'unreachable'],
    ['UND_ERR_SOCKET', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
  ])('tells %s wherever it is wrapped', (code, kind) => {
    expect(failureOf(errorWith(code), context)?.kind).toBe(kind)
    const wrapped = new Error('Connection error.', {
      cause: new TypeError('fetch failed', { cause: errorWith(code) }),
    })
    expect(failureOf(wrapped, context)?.kind).toBe(kind)
    expect(failureOf(new AggregateError([errorWith(code)]), context)?.kind).toBe(kind)
  })

  it('finds one of our own inside', () => {
    const own = providerFailure('blocked_address', 'no')
    expect(
      failureOf(new Error('sdk', { cause: new TypeError('fetch failed', { cause: own }) }), context),
    ).toBe(own)
  })

  it.each([
    [429, { code: 'insufficient_quota' }, 'quota_exceeded'],
    [429, { type: 'rate_limit_error' }, 'rate_limited'],
    [402, {}, 'quota_exceeded'],
    [400, { code: 'context_length_exceeded' }, 'too_large'],
    [418, {}, 'refused_request'],
    [599, {}, 'server_error'],
  ])('tells status %i with %j', (status, error, kind) => {
    expect(failureOf(answered(status, error), context)?.kind).toBe(kind)
  })

  it.each([
    ['overloaded_error', 'overloaded'],
    ['rate_limit_exceeded', 'rate_limited'],
    ['authentication_error', 'unauthorized'],
    ['invalid_request_error', 'refused_request'],
    ['api_error', 'server_error'],
  ])('tells %s in a stream', (type, kind) => {
    expect(failureOf(answered(undefined, { type }), context)?.kind).toBe(kind)
    expect(failureInStream({ code: type }, context).kind).toBe(kind)
  })

  it('quotes one line without the key, and not a page', () => {
    const quoted = (message: string) => failureOf(answered(500, { message }), context)?.message
    expect(quoted('key planted-key-1\n  and sk-0123456789abc')).toBe('Acme answered 500: key *** and sk-***')
    expect(quoted('<html>planted-key-1</html>')).toBe('Acme answered 500.')
    expect(quoted('x'.repeat(5_000))).toHaveLength(500 + 'Acme answered 500: …'.length)
    expect(quoted('')).toBe('Acme answered 500.')
  })

  it('takes the key out of a failure of ours as well', () => {
    const own = providerFailure('refused_request', 'it quoted planted-key-1', { status: 400, retryAfter: 3 })
    expect(failureOf(own, context)).toMatchObject({ message: 'it quoted ***', status: 400, retryAfter: 3 })
  })

  it('does not take faults of ours for failures of a provider', () => {
    expect(failureOf(new TypeError('x is not a function'), context)).toBeUndefined()
    expect(failureOf('text', context)).toBeUndefined()
  })
})

it('is recognised by its name, whichever copy of the code made it', () => {
  const other = Object.assign(new Error('m'), { name: 'ProviderFailure', kind: 'timeout' })
  expect(isProviderFailure(other)).toBe(true)
  expect(isProviderFailure(new Error('m'))).toBe(false)
})
