import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { followChanges, type Heard } from './change-stream.ts'

/** Stands in for the browser's EventSource: the test sends what a server would. */
class FakeSource extends EventTarget {
  static all: FakeSource[] = []
  readonly url: string
  closed = false
  constructor(url: string) {
    super()
    this.url = url
    FakeSource.all.push(this)
  }
  close() {
    this.closed = true
  }
  send(type: string, data: object) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }))
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
function show(state: 'visible' | 'hidden') {
  page.visibilityState = state
  page.dispatchEvent(new Event('visibilitychange'))
}

let heard: Heard[]
let losses: number
let end: () => void
const urls = () => FakeSource.all.map(({ url }) => url)
const last = () => FakeSource.all.at(-1) ?? expect.unreachable('no stream was opened')
const change = (revision: number) => ({ revision, changes: [] })

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('document', page)
  page.visibilityState = 'visible'
  FakeSource.all = []
  heard = []
  losses = 0
  end = followChanges({ hear: (one) => heard.push(one), onLost: () => (losses += 1) })
})

afterEach(() => {
  end()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the stream of changes', () => {
  it('is one, and tells each revision once', () => {
    last().send('hello', { revision: 4 })
    last().send('change', change(5))
    last().send('change', change(5))
    last().send('change', change(6))
    expect(urls()).toEqual(['/api/changes'])
    expect(heard.map((one) => (one.type === 'change' ? one.change.revision : one.type))).toEqual([
      'open',
      5,
      6,
    ])
  })

  it('goes on from where it was after a loss, trying less and less often', () => {
    last().send('hello', { revision: 4 })
    last().send('change', change(7))
    last().dispatchEvent(new Event('error'))
    expect(FakeSource.all[0]?.closed).toBe(true)
    vi.advanceTimersByTime(999)
    expect(FakeSource.all).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(urls()).toEqual(['/api/changes', '/api/changes?after=7'])
    last().dispatchEvent(new Event('error'))
    vi.advanceTimersByTime(1_999)
    expect(FakeSource.all).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(FakeSource.all).toHaveLength(3)
    expect(losses).toBe(2)
  })

  it('tells of news, and that some may have been missed when it is open again', () => {
    last().send('hello', { revision: 4 })
    last().send('news', { topic: 'generations' })
    last().dispatchEvent(new Event('error'))
    vi.advanceTimersByTime(1_000)
    last().send('hello', { revision: 4 })
    expect(heard).toEqual([
      { type: 'open', revision: 4 },
      { type: 'news', topic: 'generations' },
      { type: 'again' },
    ])
  })

  it('tells when changes were left out, and goes on behind them', () => {
    last().send('hello', { revision: 1 })
    last().send('reset', { revision: 900 })
    last().dispatchEvent(new Event('error'))
    vi.advanceTimersByTime(1_000)
    expect(heard.map(({ type }) => type)).toEqual(['open', 'reset'])
    expect(last().url).toBe('/api/changes?after=900')
  })

  it('is given back while nobody looks, and taken up again', () => {
    last().send('hello', { revision: 3 })
    show('hidden')
    vi.advanceTimersByTime(19_000)
    show('visible')
    vi.advanceTimersByTime(60_000)
    expect(FakeSource.all).toHaveLength(1)
    show('hidden')
    vi.advanceTimersByTime(20_000)
    expect(last().closed).toBe(true)
    show('visible')
    expect(urls()).toEqual(['/api/changes', '/api/changes?after=3'])
  })

  it('ends', () => {
    end()
    expect(last().closed).toBe(true)
    show('visible')
    vi.advanceTimersByTime(60_000)
    expect(FakeSource.all).toHaveLength(1)
  })
})
