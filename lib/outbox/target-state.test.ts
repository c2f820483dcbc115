import { describe, expect, it } from 'vitest'
import type { Refused } from './deliver.ts'
import type { Unsent } from './message.ts'
import { TargetState } from './target-state.ts'

const LIMITS = { outbox_retry_ms: 1000, outbox_retry_max_ms: 5000 }

const message = (id: string, tries = 0): Unsent => ({
  workspaceId: 'w',
  id,
  target: 'jobs',
  subject: id,
  name: 'something/happened',
  data: {},
  tries,
})
const refused = (id: string, tries = 0, wasTried = true): Refused => ({
  message: message(id, tries),
  reason: new Error('refused'),
  wasTried,
})
const makeState = () =>
  new TargetState('jobs', { isReady: () => true, send: () => Promise.resolve() }, LIMITS)
const figures = (postponed: { tries: number; ms: number }[]) => postponed.map(({ tries, ms }) => [tries, ms])

describe('a target that takes nothing', () => {
  it('rests for longer each time, up to a limit, and no message is to blame', () => {
    const state = makeState()
    const pauses: number[] = []
    for (let n = 0; n < 5; n++) {
      expect(state.judge([refused('a')], state.taken)[0]?.tries).toBe(0)
      pauses.push(state.pauseMs)
    }
    expect(pauses).toEqual([1000, 2000, 4000, 5000, 5000])
    expect(state.isResting).toBe(true)
  })

  it('works again with the first message that it takes', () => {
    const state = makeState()
    state.judge([refused('a')], 0)
    state.took([message('b')])
    expect([state.isResting, state.pauseMs]).toEqual([false, 0])
  })

  it('is tried next with what was spared', () => {
    const state = makeState()
    expect(figures(state.judge([refused('a'), refused('b', 0, false)], 0))).toEqual([
      [0, 2000],
      [0, 1000],
    ])
  })
})

describe('a message that is refused', () => {
  it('is at fault when others of its batch were taken, and waits for longer each time', () => {
    const state = makeState()
    const found: (number[] | undefined)[] = []
    for (let tries = 0; tries < 4; tries++) {
      const before = state.taken
      state.took([message(`other ${tries}`)])
      found.push(figures(state.judge([refused('a', tries)], before))[0])
    }
    expect(found).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 4000],
      [4, 5000],
    ])
  })

  it('alone is at fault once others were taken since', () => {
    const state = makeState()
    expect(state.judge([refused('a')], state.taken)[0]?.tries).toBe(0)
    expect(state.judge([refused('a')], state.taken)[0]?.tries).toBe(0)
    state.took([message('b')])
    expect(state.judge([refused('a')], state.taken)[0]?.tries).toBe(1)
    expect(state.judge([refused('a', 1)], state.taken)[0]?.tries).toBe(1)
  })
})
