import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChangeNotice } from '../db/changes/notice.ts'
import { ownerIn } from '../testing/runtime.ts'
import type { Actor } from './actor.ts'
import { ActorStreams } from './actor-streams.ts'

/** Streams of a process, and what happens to the rights of the actors that read them. */
function setUp(limit = 10) {
  const onChange: ((notice: ChangeNotice) => void)[] = []
  const onReset: ((workspaceId: string, revision: number) => void)[] = []
  const state = { now: (actor: Actor): Actor | undefined => actor, isAway: false }
  const streams = new ActorStreams({
    limit,
    feed: {
      onChange: (listener) => {
        onChange.push(listener)
        return () => undefined
      },
      onReset: (listener) => {
        onReset.push(listener)
        return () => undefined
      },
    },
    rights: async (actor) => {
      if (state.isAway) throw new Error('away')
      return state.now(actor)
    },
  })
  const told = async (kind: string, workspace_id: string, ids = ['gone', 'owner of w', 'owner of v']) => {
    const targets = ids.map((id) => ({ kind, id, name: 'x', action: `${kind}.update` }))
    for (const call of onChange) call({ workspace_id, revision: 1, targets, lists: [] })
    await vi.advanceTimersByTimeAsync(0)
  }
  const reset = async (workspaceId: string) => {
    for (const call of onReset) call(workspaceId, 1)
    await vi.advanceTimersByTimeAsync(0)
  }
  return { streams, state, told, reset }
}

/** Opens a stream and tells what has become of it. */
function open(streams: ActorStreams, actor: Actor, farewell?: string) {
  const stream = {
    written: [] as string[],
    ended: false,
    left: 0,
    close: undefined as (() => void) | undefined,
  }
  const sink = {
    write: (text: string | Uint8Array) => stream.written.push(String(text)) > 0,
    onDrain: () => undefined,
    end: () => {
      stream.ended = true
    },
  }
  stream.close = streams.open(actor, sink, () => () => void (stream.left += 1), farewell)
  return stream
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a stream', () => {
  it('ends when the rights of its actor end, with its farewell; those of others go on', async () => {
    const { streams, state, told } = setUp()
    const gone = open(streams, { ...ownerIn('w'), id: 'gone' }, 'bye')
    const stays = open(streams, ownerIn('w'))
    state.now = (actor) => (actor.id === 'gone' ? undefined : actor)
    await told('actor', 'w')
    expect(gone).toMatchObject({ ended: true, left: 1, written: ['bye'] })
    expect([stays.ended, streams.size]).toEqual([false, 1])
  })

  it.each([
    ['its role', (actor: Actor): Actor => ({ ...actor, role: 'viewer' })],
    ['a scope', (actor: Actor): Actor => ({ ...actor, scopes: new Set(['prompts:read']) })],
    ['all labels but one', (actor: Actor): Actor => ({ ...actor, label: 'staging' })],
  ])('ends when its actor loses %s', async (_what, now) => {
    const { streams, state, told } = setUp()
    const stream = open(streams, ownerIn('w'))
    state.now = now
    await told('actor', 'w')
    expect(stream.ended).toBe(true)
  })

  it('is looked at when rights of its own workspace have changed, or may have', async () => {
    const { streams, state, told, reset } = setUp()
    const stream = open(streams, ownerIn('w'))
    state.now = () => undefined
    await told('prompt', 'w')
    await told('actor', 'v')
    expect(stream.ended).toBe(false)
    await reset('w')
    expect(stream.ended).toBe(true)
  })

  it('is looked at for the rights of its own actor and of the person behind it, and of nobody else', async () => {
    const { streams, state, told } = setUp()
    const stream = open(streams, ownerIn('w'))
    const credential = { kind: 'key', id: 'k', personActorId: 'ada' } as const
    const ofKey = open(streams, { ...ownerIn('w'), id: 'key', credential })
    state.now = () => undefined
    await told('actor', 'w', ['somebody'])
    expect([stream.ended, ofKey.ended]).toEqual([false, false])
    await told('actor', 'w', ['ada'])
    expect([stream.ended, ofKey.ended]).toEqual([false, true])
  })

  it('is looked at whoever it is of when the state of access changes', async () => {
    const { streams, state, told } = setUp()
    const stream = open(streams, ownerIn('w'))
    state.now = () => undefined
    await told('access', 'w', ['w'])
    expect(stream.ended).toBe(true)
  })

  it('ends once rights can be looked up again', async () => {
    const { streams, state, told } = setUp()
    const stream = open(streams, ownerIn('w'))
    Object.assign(state, { now: () => undefined, isAway: true })
    await told('actor', 'w')
    expect(stream.ended).toBe(false)
    state.isAway = false
    await vi.advanceTimersByTimeAsync(1000)
    expect(stream.ended).toBe(true)
  })

  it.each([
    ['key', { kind: 'key', id: 'k', personActorId: null }],
    ['token', { kind: 'token', id: 't', clientId: 'c', personActorId: null }],
    ['session', { kind: 'session', id: 's', personId: 'p', freshUntil: 0 }],
  ] as const)('of a %s ends with it, also after a time that is too long for a timer', async (_kind, of) => {
    const { streams } = setUp()
    const month = 30 * 86_400_000
    const stream = open(streams, { ...ownerIn('w'), credential: { ...of, expiresAt: Date.now() + month } })
    await vi.advanceTimersByTimeAsync(month - 1)
    expect(stream.ended).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect([stream.ended, streams.size]).toEqual([true, 0])
  })

  describe('of a session that was idle', () => {
    const DAY = 86_400_000
    const sessionEnding = (expiresAt: number): Actor => ({
      ...ownerIn('w'),
      credential: { kind: 'session', id: 's', personId: 'p', freshUntil: 0, expiresAt },
    })

    it('goes on for as long as the session that was used meanwhile, and no longer', async () => {
      const { streams, state } = setUp()
      const begun = Date.now()
      const stream = open(streams, sessionEnding(begun + 7 * DAY))
      state.now = () => sessionEnding(begun + 9 * DAY)
      await vi.advanceTimersByTimeAsync(9 * DAY - 1)
      expect(stream.ended).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      expect(stream.ended).toBe(true)
    })

    it('ends where that cannot be looked up', async () => {
      const { streams, state } = setUp()
      const stream = open(streams, sessionEnding(Date.now() + 7 * DAY))
      await vi.advanceTimersByTimeAsync(0)
      state.isAway = true
      await vi.advanceTimersByTimeAsync(7 * DAY)
      expect(stream.ended).toBe(true)
    })
  })

  it('ends that was opened after the rights of its actor had ended', async () => {
    const { streams, state } = setUp()
    state.now = () => undefined
    const stream = open(streams, ownerIn('w'))
    await vi.advanceTimersByTimeAsync(0)
    expect(stream.ended).toBe(true)
  })

  it('gives its place back once, whoever closes it', async () => {
    const { streams, state, told } = setUp()
    const stream = open(streams, ownerIn('w'))
    state.now = () => undefined
    await told('actor', 'w')
    stream.close?.()
    stream.close?.()
    expect(streams.size).toBe(0)
  })
})

describe('places', () => {
  it('are all free to one workspace while it is alone', () => {
    const { streams } = setUp(3)
    for (let n = 0; n < 3; n++) expect(open(streams, ownerIn('w')).close).toBeDefined()
    expect(streams.isFullFor('w')).toBe(true)
    expect(open(streams, ownerIn('w')).close).toBeUndefined()
  })

  it('go from the workspace that has the most to one that has fewer, the newest first', () => {
    const { streams } = setUp(4)
    const busy = Array.from({ length: 4 }, () => open(streams, ownerIn('busy')))
    const quiet = [open(streams, ownerIn('quiet')), open(streams, ownerIn('quiet'))]
    expect(busy.map(({ ended }) => ended)).toEqual([false, false, true, true])
    expect(quiet.map(({ close }) => close !== undefined)).toEqual([true, true])
    expect(streams.isFullFor('quiet')).toBe(true)
    expect(streams.isFullFor('busy')).toBe(true)
    expect(streams.size).toBe(4)
  })
})
