import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Environment } from '../config/environment.ts'
import { loadConfig } from '../config/load.ts'
import { isAppError } from '../errors.ts'
import { createRuntime, getRuntime, setRuntime } from '../runtime.ts'
import { type LimitName, limitFor } from './limits.ts'

function install(hasAccounts: boolean, environment: Environment = {}): void {
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent', ...environment }, '/nowhere')))
  getRuntime().once('access.state', () => ({ hasAccounts }))
}

beforeEach(() => {
  vi.spyOn(performance, 'now').mockReturnValue(0)
  install(true)
})
afterEach(() => {
  vi.restoreAllMocks()
  setRuntime(undefined)
})

/** How many a sender gets at once, and the refusal that follows. */
function takeAll(name: LimitName, sender = 'a') {
  for (let taken = 0; taken < 5000; taken++) {
    try {
      limitFor(name, sender).take()
    } catch (error) {
      if (!isAppError(error)) throw error
      const { code, retryAfter, extra } = error
      return { taken, code, retryAfter, extra }
    }
  }
  return { taken: Number.POSITIVE_INFINITY }
}

it.each([
  ['caller', 1000, 1, 'limits.requests_per_second', 1],
  ['unknown', 20, 1, 'limits.unknown_per_second', 1],
  ['wrong_credentials', 30, 30, 'limits.wrong_credentials', 900],
  ['looked_up', 30, 30, 'limits.wrong_credentials', 900],
  ['registrations', 10, 360, 'limits.registrations_per_hour', 3600],
] as const)(
  '%s: %i at once with accounts, and another after %i s',
  (name, most, retryAfter, limit, seconds) => {
    const rate = { policy: name, requests: most, seconds }
    expect(takeAll(name)).toEqual({ taken: most, code: 'rate_limited', retryAfter, extra: { limit, rate } })
    // Everybody has their own.
    expect(takeAll(name, 'b').taken).toBe(most)
    vi.spyOn(performance, 'now').mockReturnValue(retryAfter * 1000)
    expect(takeAll(name).taken).toBe(most === 1000 ? 1000 : most === 20 ? 20 : 1)
  },
)

it('limits nobody on a machine of one’s own, unless the configuration says so', () => {
  install(false)
  expect(takeAll('caller').taken).toBe(Number.POSITIVE_INFINITY)
  expect(takeAll('unknown').taken).toBe(Number.POSITIVE_INFINITY)
  install(false, { INCIPIT_LIMITS_REQUESTS_PER_SECOND: '3', INCIPIT_LIMITS_UNKNOWN_PER_SECOND: '2' })
  expect(takeAll('caller').taken).toBe(3)
  expect(takeAll('unknown').taken).toBe(2)
  install(true, { INCIPIT_LIMITS_UNKNOWN_PER_SECOND: '0' })
  expect(takeAll('unknown').taken).toBe(Number.POSITIVE_INFINITY)
})

it('remembers a bounded number of senders', () => {
  takeAll('unknown')
  for (let n = 0; n < 10_000; n++) limitFor('unknown', `other ${n}`).take()
  expect(takeAll('unknown').taken).toBe(20)
})
