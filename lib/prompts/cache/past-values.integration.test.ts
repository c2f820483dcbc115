import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import type { Variable } from '../../liquid/variable.ts'
import { actorLike, type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { pastValues, rememberValues } from './past-values.ts'

let app: TestRuntime
let actor: Actor
let prompt = 0

const VARIABLES: Variable[] = [
  { name: 'domain', type: 'string', required: true },
  { name: 'amount', type: 'integer', required: false },
]

beforeAll(async () => {
  app = await testRuntime()
  actor = app.actor()
})
afterAll(() => app.close())
beforeEach(() => {
  prompt += 1
  vi.useFakeTimers({ toFake: ['performance'] })
  return () => vi.useRealTimers()
})

/** Renders with these values one after another, two seconds apart. */
function use(...values: unknown[]): void {
  for (const domain of values) {
    rememberValues(actor, `p${prompt}`, VARIABLES, { domain, amount: 3, other: 'x' })
    vi.advanceTimersByTime(2000)
  }
}

describe('past values', () => {
  it('are offered to the actor who used them, the newest first and once', () => {
    use('shop', 'bank', 'shop')
    expect(pastValues(actor, `p${prompt}`, 'domain')).toEqual(['shop', 'bank'])
    expect(pastValues(actorLike(actor, { id: 'somebody else' }), `p${prompt}`, 'domain')).toEqual([])
    expect(pastValues(actorLike(actor, { workspaceId: 'another' }), `p${prompt}`, 'domain')).toEqual([])
    expect(pastValues(actor, 'another prompt', 'domain')).toEqual([])
  })

  it('are short texts of declared variables', () => {
    use('', 'x'.repeat(201), 7, ['list'], { a: 1 })
    expect(pastValues(actor, `p${prompt}`, 'domain')).toEqual([])
    expect(pastValues(actor, `p${prompt}`, 'amount')).toEqual([])
    expect(pastValues(actor, `p${prompt}`, 'other')).toEqual([])
  })

  it('are twenty at most', () => {
    use(...Array.from({ length: 30 }, (_, n) => `v${n}`))
    const kept = pastValues(actor, `p${prompt}`, 'domain')
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, 'v29', 'v10'])
  })

  it('are taken from one render of a burst', () => {
    rememberValues(actor, `p${prompt}`, VARIABLES, { domain: 'first' })
    rememberValues(actor, `p${prompt}`, VARIABLES, { domain: 'second' })
    expect(pastValues(actor, `p${prompt}`, 'domain')).toEqual(['first'])
  })
})
