import { describe, expect, it } from 'vitest'
import type { Sink } from '../../event-stream.ts'
import type { Generation } from '../schema.ts'
import { GenerationFeed, type Progress } from './generation-feed.ts'

/** A reader that takes everything, or nothing while it is slow. */
function reader() {
  const events: { event: string; id: string; data: Record<string, unknown> }[] = []
  let drained: () => void = () => undefined
  const state = { isSlow: false, isEnded: false }
  const sink: Sink = {
    write(frame) {
      const [, event = '', id = '', data = '{}'] =
        /^event: (.*)\nid: (.*)\ndata: (.*)\n\n$/.exec(String(frame)) ?? []
      events.push({ event, id, data: JSON.parse(data) as Record<string, unknown> })
      return !state.isSlow
    },
    onDrain: (listener) => {
      drained = listener
    },
    end: () => {
      state.isEnded = true
    },
  }
  return {
    sink,
    events,
    state,
    drain: () => drained(),
    text: () => events.map((each) => (typeof each.data.text === 'string' ? each.data.text : '')).join(''),
  }
}

const running = (attempt: number, changes: Partial<Progress> = {}): Progress => ({
  status: 'running',
  attempt,
  configuration: 'writer',
  lastError: null,
  ...changes,
})

function finished(text: string, attempts = 1): Generation {
  const all = Array.from({ length: attempts }, (_, n) => ({
    attempt: n + 1,
    status: n + 1 === attempts ? 'succeeded' : 'failed',
    configuration: 'writer',
    error: n + 1 === attempts ? null : { code: 'timeout', message: 'too slow' },
  }))
  // What the feed reads of a generation.
  return { status: 'succeeded', text, configuration: 'writer', attempts: all } as Generation
}

const START = { attempt: 0, position: 0 }

describe('a feed', () => {
  it('begins at a whole character for a follower whose place lies within one', () => {
    const feed = new GenerationFeed(running(1))
    feed.append({ attempt: 1, position: 0 }, 'a😀b')
    const one = reader()
    feed.join(one.sink, { attempt: 1, position: 2 })
    expect(one.text()).toBe('😀b')
  })

  it('tells the state, each piece with its place, and the end', () => {
    const feed = new GenerationFeed(running(0, { status: 'queued' }))
    const one = reader()
    feed.join(one.sink, START)
    feed.advance(running(1))
    feed.append({ attempt: 1, position: 0 }, 'Hello')
    feed.append({ attempt: 1, position: 5 }, ' you')
    feed.finish(finished('Hello you!'))
    expect(one.events.map(({ event, id }) => `${event} ${id}`)).toEqual([
      'state 0.0',
      'state 1.0',
      'text 1.5',
      'text 1.9',
      'text 1.10',
      'finished 1.10',
    ])
    expect(one.text()).toBe('Hello you!')
    expect(one.state.isEnded).toBe(true)
    expect(feed.isIdle).toBe(true)
  })

  it('gives who comes later the whole text, and who comes back the rest', () => {
    const feed = new GenerationFeed(running(2))
    feed.append({ attempt: 2, position: 0 }, 'Hello you')
    const late = reader()
    feed.join(late.sink, START)
    expect(late.events.map(({ event }) => event)).toEqual(['state', 'text'])
    const back = reader()
    feed.join(back.sink, { attempt: 2, position: 6 })
    expect(back.text()).toBe('you')
    const old = reader()
    feed.join(old.sink, { attempt: 1, position: 40 })
    expect(old.events.map(({ event }) => event)).toEqual(['restart', 'state', 'text'])
    expect(old.text()).toBe('Hello you')
  })

  it('says that a text is void when another attempt begins, and why', () => {
    const feed = new GenerationFeed(running(1))
    feed.append({ attempt: 1, position: 0 }, 'Hel')
    const one = reader()
    feed.join(one.sink, START)
    const lastError = { code: 'timeout', message: 'too slow' }
    feed.advance(running(2, { lastError }))
    feed.append({ attempt: 2, position: 0 }, 'Hello')
    expect(one.events.slice(2).map(({ event, data }) => [event, data.error ?? data.text])).toEqual([
      ['restart', lastError],
      ['state', undefined],
      ['text', 'Hello'],
    ])
    feed.finish(finished('Hello', 2))
    expect(one.events.at(-1)?.event).toBe('finished')
  })

  it('leaves out what is known, and what does not join on', () => {
    const feed = new GenerationFeed(running(1))
    const one = reader()
    feed.join(one.sink, START)
    feed.append({ attempt: 1, position: 0 }, 'abc')
    feed.append({ attempt: 1, position: 1 }, 'bcde')
    feed.append({ attempt: 1, position: 9 }, 'zzz')
    feed.append({ attempt: 3, position: 5 }, 'zzz')
    expect(one.text()).toBe('abcde')
  })

  it('waits for a slow reader and then sends what it missed as one piece', () => {
    const feed = new GenerationFeed(running(1))
    const slow = reader()
    slow.state.isSlow = true
    feed.join(slow.sink, START)
    for (let n = 0; n < 100; n++) feed.append({ attempt: 1, position: n }, 'x')
    expect(slow.events).toHaveLength(1)
    slow.state.isSlow = false
    slow.drain()
    expect(slow.events).toHaveLength(2)
    expect(slow.text()).toBe('x'.repeat(100))
  })

  it('waits for an attempt that another instance has told of', () => {
    const feed = new GenerationFeed(running(1))
    feed.append({ attempt: 1, position: 0 }, 'old')
    const ahead = reader()
    feed.join(ahead.sink, { attempt: 2, position: 3 })
    expect(ahead.events).toEqual([])
    feed.advance(running(2))
    feed.append({ attempt: 2, position: 0 }, 'new text')
    expect(ahead.text()).toBe(' text')
  })
})
