import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChangeNotice, News } from '../db/changes/notice.ts'
import type { Sink } from '../event-stream.ts'
import { ownerIn } from '../testing/runtime.ts'
import { ChangeHub } from './hub.ts'
import type { ChangeEvent } from './schema.ts'

class FakeSink implements Sink {
  readonly written: string[] = []
  ended = false
  accepts = true
  #drain: () => void = () => undefined

  write(text: string | Uint8Array): boolean {
    this.written.push(String(text))
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

  /** What was told: "change 7", "reset 9". */
  get told(): string[] {
    return this.written.map((text) => /^event: (\w+)\nid: (\d+)/.exec(text)?.slice(1).join(' ') ?? text)
  }
}

function event(revision: number): ChangeEvent {
  const actor = { id: 'a', kind: 'person', display: 'A' }
  return { revision, occurred_at: '', actor, request_id: null, changes: [], total: 1 }
}

/** A hub over an audit log that holds every revision up to the newest. */
function setUp({ streams = 10, backlog = 5, seen = 10 } = {}) {
  let change: (notice: ChangeNotice) => void = () => undefined
  let reset: (workspaceId: string, revision: number) => void = () => undefined
  let tellNews: (news: News) => void = () => undefined
  let shutdown: () => unknown = () => undefined
  const state = { seen, reads: 0, fails: false }
  const hub = new ChangeHub(
    {
      config: { limits: { change_streams: streams, change_backlog: backlog } },
      feed: {
        onChange: (listener: typeof change) => {
          change = listener
          return () => undefined
        },
        onReset: (listener: typeof reset) => {
          reset = listener
          return () => undefined
        },
        onNews: (listener: typeof tellNews) => {
          tellNews = listener
          return () => undefined
        },
        seen: () => state.seen,
      },
      onShutdown: (_stage: 'drain' | 'close', _name: string, run: () => unknown) => {
        shutdown = run
      },
      log: { debug: () => undefined },
    },
    async (_view, after, upTo) => {
      state.reads += 1
      if (state.fails) throw new Error('away')
      return Array.from({ length: upTo - after }, (_, n) => event(after + n + 1))
    },
  )
  return {
    hub,
    state,
    changeTo: async (revision: number, workspace_id = 'w') => {
      state.seen = revision
      change({ workspace_id, revision, targets: [], lists: [] })
      await vi.advanceTimersByTimeAsync(0)
    },
    reset: (revision: number) => reset('w', revision),
    tellNews: (topic: string, workspace_id = 'w') => tellNews({ workspace_id, topic }),
    shutdown: () => shutdown(),
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('those who follow changes', () => {
  it('are told each in order, read once for all of them', async () => {
    const { hub, state, changeTo } = setUp()
    const [one, two] = [new FakeSink(), new FakeSink()]
    hub.join(ownerIn('w'), one, 10)
    hub.join(ownerIn('w'), two, 10)
    await changeTo(11)
    await changeTo(13)
    expect(one.told).toEqual(['change 11', 'change 12', 'change 13'])
    expect(two.told).toEqual(one.told)
    expect(state.reads).toBe(2)
  })

  it('hear nothing of another workspace, and nothing once they left', async () => {
    const { hub, changeTo } = setUp()
    const [here, there] = [new FakeSink(), new FakeSink()]
    const leave = hub.join(ownerIn('w'), here, 10)
    hub.join(ownerIn('v'), there, 10)
    await changeTo(11)
    expect([here.told, there.told]).toEqual([['change 11'], []])
    leave?.()
    await changeTo(12)
    expect(here.told).toEqual(['change 11'])
    expect(hub.size).toBe(1)
  })

  it('are told by one who came between what they have not seen, and that alone', async () => {
    const { hub, changeTo } = setUp()
    hub.join(ownerIn('w'), new FakeSink(), 10)
    await changeTo(12)
    const late = new FakeSink()
    expect(hub.reaches(ownerIn('w'), 10)).toBe(true)
    expect(hub.reaches(ownerIn('w'), 9)).toBe(false)
    hub.join(ownerIn('w'), late, 11)
    expect(late.told).toEqual(['change 12'])
  })

  it('are told what happened between their opening and their joining', async () => {
    const { hub, state } = setUp()
    state.seen = 11
    const sink = new FakeSink()
    hub.join(ownerIn('w'), sink, 10)
    await vi.advanceTimersByTimeAsync(0)
    expect(sink.told).toEqual(['change 11'])
  })

  it('wait while they read slowly, and have to read again when they fall behind what is kept', async () => {
    const { hub, changeTo } = setUp({ backlog: 3 })
    const [slow, slower] = [new FakeSink(), new FakeSink()]
    slow.accepts = slower.accepts = false
    hub.join(ownerIn('w'), slow, 10)
    hub.join(ownerIn('w'), slower, 10)
    for (const revision of [11, 12, 13]) await changeTo(revision)
    expect(slow.told).toEqual(['change 11'])
    slow.drain()
    expect(slow.told).toEqual(['change 11', 'change 12', 'change 13'])
    for (const revision of [14, 15]) await changeTo(revision)
    slower.drain()
    expect(slower.told).toEqual(['change 11', 'reset 15'])
    await changeTo(16)
    expect(slower.told.at(-1)).toBe('change 16')
  })

  it('are told to read again after more changes than are kept, and when the feed has lost some', async () => {
    const { hub, state, changeTo, reset } = setUp({ backlog: 3 })
    const sink = new FakeSink()
    hub.join(ownerIn('w'), sink, 10)
    await changeTo(20)
    expect([sink.told, state.reads]).toEqual([['reset 20'], 0])
    reset(30)
    // The database was restored from a backup.
    reset(5)
    expect(sink.told).toEqual(['reset 20', 'reset 30', 'reset 5'])
  })

  it('are told later when the audit log cannot be read', async () => {
    const { hub, state, changeTo } = setUp()
    const sink = new FakeSink()
    hub.join(ownerIn('w'), sink, 10)
    state.fails = true
    await changeTo(11)
    expect(sink.told).toEqual([])
    state.fails = false
    await vi.advanceTimersByTimeAsync(1000)
    expect(sink.told).toEqual(['change 11'])
  })

  it('hear of news at most four times a second, and of the last ones always', async () => {
    const { hub, tellNews } = setUp()
    const [here, there] = [new FakeSink(), new FakeSink()]
    hub.join(ownerIn('w'), here, 10)
    hub.join(ownerIn('v'), there, 10)
    for (let n = 0; n < 99; n++) {
      tellNews('generations')
      await vi.advanceTimersByTimeAsync(10)
    }
    const news = 'event: news\ndata: {"topic":"generations"}\n\n'
    expect(here.written).toEqual([news, news, news, news])
    await vi.advanceTimersByTimeAsync(1_000)
    expect([here.written.length, there.written]).toEqual([5, []])
  })

  it('hear of news once they read again, after the changes and once for all of them', async () => {
    const { hub, tellNews, changeTo } = setUp()
    const slow = new FakeSink()
    slow.accepts = false
    hub.join(ownerIn('w'), slow, 10)
    await changeTo(11)
    await changeTo(12)
    for (let n = 0; n < 3; n++) {
      tellNews('generations')
      await vi.advanceTimersByTimeAsync(300)
    }
    expect(slow.told).toEqual(['change 11'])
    slow.drain()
    expect(slow.told).toEqual(['change 11', 'change 12', 'event: news\ndata: {"topic":"generations"}\n\n'])
  })

  it('are let go when they take nothing for a minute; others get keep-alives', async () => {
    const { hub, changeTo } = setUp()
    const [gone, there] = [new FakeSink(), new FakeSink()]
    gone.accepts = false
    hub.join(ownerIn('w'), gone, 10)
    hub.join(ownerIn('w'), there, 10)
    await changeTo(11)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([gone.ended, there.ended, hub.size]).toEqual([true, false, 1])
    expect(there.written.filter((text) => text === ': keep-alive\n\n')).toHaveLength(4)
  })

  it('are no more than allowed, and all end at shutdown', () => {
    const { hub, shutdown } = setUp({ streams: 1 })
    const sink = new FakeSink()
    hub.join(ownerIn('w'), sink, 10)
    expect(hub.isFullFor(ownerIn('w'))).toBe(true)
    expect(hub.join(ownerIn('w'), new FakeSink(), 10)).toBeUndefined()
    shutdown()
    expect(sink.ended).toBe(true)
    expect(hub.join(ownerIn('w'), new FakeSink(), 10)).toBeUndefined()
  })
})
