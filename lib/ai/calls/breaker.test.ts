import { describe, expect, it } from 'vitest'
import { type Breakers, createBreakers } from './breaker.ts'

function setUp() {
  const clock = { now: 1_000 }
  const breakers = createBreakers({ breaker_failures: 3, breaker_open_ms: 10_000 }, () => clock.now)
  return { breakers, clock }
}

function fail(breakers: Breakers, times: number, kind: 'server_error' | 'rate_limited' = 'server_error') {
  for (let n = 0; n < times; n++) breakers.enter('w', 'openai').ended(kind)
}

const stateOf = (breakers: Breakers) => new Map(breakers.states()).get('openai') ?? 'closed'

describe('the circuit breaker', () => {
  it('opens after failures in a row and says when it may be tried again', () => {
    const { breakers, clock } = setUp()
    fail(breakers, 2)
    expect(stateOf(breakers)).toBe('closed')
    fail(breakers, 1)
    expect(stateOf(breakers)).toBe('open')
    clock.now += 2_500
    expect(() => breakers.enter('w', 'openai')).toThrow(
      expect.objectContaining({ kind: 'breaker_open', retryable: true, retryAfter: 8 }),
    )
  })

  it('leaves other addresses alone', () => {
    const { breakers } = setUp()
    fail(breakers, 3)
    expect(() => breakers.enter('w', 'openai https://elsewhere')).not.toThrow()
  })

  it('begins anew after a success, and after a refusal, which a provider that is well gives', () => {
    const { breakers } = setUp()
    fail(breakers, 2)
    breakers.enter('w', 'openai').ended('succeeded')
    fail(breakers, 2)
    breakers.enter('w', 'openai').ended('unauthorized')
    fail(breakers, 2)
    expect(stateOf(breakers)).toBe('closed')
  })

  it('counts neither rate limits nor calls that their callers ended', () => {
    const { breakers } = setUp()
    fail(breakers, 2)
    fail(breakers, 5, 'rate_limited')
    breakers.enter('w', 'openai').ended('left')
    expect(stateOf(breakers)).toBe('closed')
    fail(breakers, 1)
    expect(stateOf(breakers)).toBe('open')
  })

  it('lets one call go and see; the others follow once it is being answered', () => {
    const { breakers, clock } = setUp()
    fail(breakers, 3)
    clock.now += 10_001
    expect(stateOf(breakers)).toBe('half_open')
    const probe = breakers.enter('w', 'openai')
    expect(() => breakers.enter('w', 'openai')).toThrow(expect.objectContaining({ kind: 'breaker_open' }))
    probe.begun()
    expect(() => breakers.enter('w', 'openai')).not.toThrow()
    probe.ended('server_error')
    expect(stateOf(breakers)).toBe('closed')
  })

  it('stays open when that call fails, and sends another when it ended without a verdict', () => {
    const { breakers, clock } = setUp()
    fail(breakers, 3)
    clock.now += 10_001
    breakers.enter('w', 'openai').ended('timeout')
    expect(stateOf(breakers)).toBe('open')
    clock.now += 10_001
    breakers.enter('w', 'openai').ended('left')
    expect(() => breakers.enter('w', 'openai')).not.toThrow()
  })

  it('shuts out the workspace whose calls failed, and no other', () => {
    const { breakers } = setUp()
    fail(breakers, 3)
    expect(() => breakers.enter('w', 'openai')).toThrow(expect.objectContaining({ kind: 'breaker_open' }))
    expect(() => breakers.enter('v', 'openai')).not.toThrow()
  })

  it('remembers a bounded number of addresses', () => {
    const { breakers } = setUp()
    for (let n = 0; n < 3_000; n++)
      breakers.enter('w', `openai-compatible https://h${n}`).ended('unreachable')
    expect([...breakers.states()]).toHaveLength(1_000)
  })
})
