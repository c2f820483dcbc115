import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChangeNotice, ListScope } from '../db/changes/notice.ts'
import type { Sink } from '../event-stream.ts'
import { ownerIn } from '../testing/runtime.ts'
import type { Scope } from './caller.ts'
import { changedLists, Subscriptions } from './subscriptions.ts'

const WINDOW_MS = 150

class FakeSink implements Sink {
  readonly written: string[] = []
  ended = false
  accepts = true
  #drain: () => void = () => undefined

  write(frame: string | Uint8Array): boolean {
    this.written.push(String(frame))
    return this.accepts
  }

  onDrain(listener: () => void): void {
    this.#drain = listener
  }

  end(): void {
    this.ended = true
  }

  drain(): void {
    this.accepts = true
    this.#drain()
  }
}

function setUp(limit = 10) {
  let change: (notice: ChangeNotice) => void = () => undefined
  let reset: (workspaceId: string, revision: number) => void = () => undefined
  let shutdown: () => unknown = () => undefined
  const hub = new Subscriptions({
    config: { mcp: { max_subscriptions: limit, list_changed_window_ms: WINDOW_MS } },
    feed: {
      onChange: (listener: typeof change) => {
        change = listener
        return () => undefined
      },
      onReset: (listener: typeof reset) => {
        reset = listener
        return () => undefined
      },
    },
    onShutdown: (_stage: 'drain' | 'close', _name: string, run: () => unknown) => {
      shutdown = run
    },
  })
  return {
    hub,
    change: (...lists: ListScope[]) => change({ workspace_id: 'w', revision: 1, targets: [], lists }),
    reset: () => reset('w', 1),
    shutdown: () => shutdown(),
  }
}

function join(hub: Subscriptions, scope: Partial<Scope> = {}, workspaceId = 'w') {
  const sink = new FakeSink()
  const close = hub.open({
    actor: ownerIn(workspaceId),
    scope: { label: null, category: null, ...scope },
    frames: { prompts: 'P', tools: 'T', resources: 'R' },
    farewell: 'bye',
    sink,
  })
  return { sink, close }
}

const prompts: ListScope = { list: 'prompts', label: 'production', category: 'data' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('notifications of changed lists', () => {
  it('joins the changes of a moment into one for each list', () => {
    const { hub, change } = setUp()
    const { sink } = join(hub)
    change(prompts)
    change(prompts, { ...prompts, list: 'tools' })
    expect(sink.written).toEqual([])
    vi.advanceTimersByTime(WINDOW_MS)
    expect(sink.written).toEqual(['P', 'T'])
    change(prompts)
    vi.advanceTimersByTime(WINDOW_MS)
    expect(sink.written).toEqual(['P', 'T', 'P'])
  })

  it('tells nobody whose list is the same', () => {
    const { hub, change } = setUp()
    const others = [
      join(hub, { label: 'staging' }),
      join(hub, { category: 'quality' }),
      join(hub, {}, 'other workspace'),
    ]
    const same = [join(hub), join(hub, { label: 'production' }), join(hub, { category: 'data' })]
    change(prompts)
    vi.advanceTimersByTime(WINDOW_MS)
    expect(others.map(({ sink }) => sink.written)).toEqual([[], [], []])
    expect(same.map(({ sink }) => sink.written)).toEqual([['P'], ['P'], ['P']])
  })

  it('tells nothing that was not asked for', () => {
    const { hub, change } = setUp()
    const sink = new FakeSink()
    hub.open({ actor: ownerIn('w'), scope: { label: null, category: null }, frames: { tools: 'T' }, sink })
    change(prompts)
    vi.advanceTimersByTime(WINDOW_MS)
    expect(sink.written).toEqual([])
  })

  it('tells everything when changes may have been missed', () => {
    const { hub, reset } = setUp()
    const { sink } = join(hub, { label: 'staging', category: 'quality' })
    const foreign = join(hub, {}, 'other workspace')
    reset()
    vi.advanceTimersByTime(WINDOW_MS)
    expect(sink.written).toEqual(['P', 'T', 'R'])
    expect(foreign.sink.written).toEqual([])
  })

  it('tells a slow reader once it reads again, without piling up', () => {
    const { hub, change } = setUp()
    const { sink } = join(hub)
    sink.accepts = false
    for (let round = 0; round < 50; round++) {
      change(prompts, { ...prompts, list: 'tools' })
      vi.advanceTimersByTime(WINDOW_MS)
    }
    expect(sink.written).toEqual(['P'])
    sink.drain()
    expect(sink.written.toSorted()).toEqual(['P', 'P', 'T'])
  })
})

describe('open streams', () => {
  it('are limited, and a closed one makes room', () => {
    const { hub } = setUp(2)
    const first = join(hub)
    expect(join(hub).close).toBeDefined()
    expect(hub.isFullFor(ownerIn('w'))).toBe(true)
    expect(join(hub).close).toBeUndefined()
    first.close?.()
    expect(hub.size).toBe(1)
    expect(join(hub).close).toBeDefined()
  })

  it('are kept open, and ended when nobody reads them any more', () => {
    const { hub } = setUp()
    const { sink } = join(hub)
    vi.advanceTimersByTime(15_000)
    expect(sink.written).toEqual([': keep-alive\n\n'])
    sink.accepts = false
    vi.advanceTimersByTime(60_000)
    expect(sink.ended).toBe(false)
    vi.advanceTimersByTime(15_000)
    expect(sink.ended).toBe(true)
    expect(hub.size).toBe(0)
  })

  it('are said goodbye to at shutdown', () => {
    const { hub, shutdown } = setUp()
    const { sink } = join(hub)
    shutdown()
    expect(sink.written).toEqual(['bye'])
    expect(sink.ended).toBe(true)
    expect(hub.size).toBe(0)
    expect(hub.isFullFor(ownerIn('w'))).toBe(true)
    expect(join(hub).close).toBeUndefined()
  })

  it('let others have their turn while a thousand are told', () => {
    const { hub, change } = setUp(1000)
    const sinks = Array.from({ length: 1000 }, () => join(hub).sink)
    change(prompts)
    vi.advanceTimersByTime(WINDOW_MS)
    const told = () => sinks.filter(({ written }) => written.length > 0).length
    expect(told()).toBeGreaterThan(0)
    vi.runOnlyPendingTimers()
    vi.advanceTimersByTime(0)
    expect(told()).toBe(1000)
  })
})

describe('changedLists', () => {
  const reader = { workspaceId: 'w', scope: { label: null, category: 'data' } }
  const notice = (list: ListScope): ChangeNotice => ({
    workspace_id: 'w',
    revision: 1,
    targets: [],
    lists: [list],
  })

  it('counts what is true of every label', () => {
    expect(changedLists(notice({ ...prompts, label: null }), reader)).toEqual(['prompts'])
  })

  it('leaves out prompts without a category', () => {
    expect(changedLists(notice({ ...prompts, category: null }), reader)).toEqual([])
  })
})
