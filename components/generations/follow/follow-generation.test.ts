import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MOST_STREAMS } from '#components/streams/follow-stream.ts'
import type { Generation, GenerationEvent } from '#lib/generations/schema.ts'
import { aGeneration } from '#lib/testing/models/generation.ts'
import { followGeneration } from './follow-generation.ts'

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
  send(event: GenerationEvent, lastEventId = '') {
    this.dispatchEvent(new MessageEvent(event.type, { data: JSON.stringify(event), lastEventId }))
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
function show(state: 'visible' | 'hidden') {
  page.visibilityState = state
  page.dispatchEvent(new Event('visibilitychange'))
}

let heard: GenerationEvent[]
let gone: Error[]
let stored: Generation | Error
let reads: number
const ends: (() => void)[] = []
const last = () => FakeSource.all.at(-1) ?? expect.unreachable('no stream was opened')
const open = () => FakeSource.all.filter(({ closed }) => !closed)
const words = () => heard.map((event) => (event.type === 'text' ? event.text : event.type))
const text = (position: number, piece: string): GenerationEvent => ({
  type: 'text',
  attempt: 1,
  position,
  text: piece,
})

function follow(id = 'g'): void {
  ends.push(
    followGeneration(id, {
      hear: (event) => heard.push(event),
      onGone: (error) => gone.push(error),
      read: async () => {
        reads += 1
        if (stored instanceof Error) throw stored
        return stored
      },
    }),
  )
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', new EventTarget())
  page.visibilityState = 'visible'
  FakeSource.all = []
  heard = []
  gone = []
  reads = 0
  stored = aGeneration()
})

afterEach(() => {
  for (const end of ends.splice(0)) end()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('following a generation', () => {
  it('tells what the stream tells, until the end', () => {
    follow()
    last().send(text(0, 'Good '), '1.5')
    last().send({ type: 'finished', generation: aGeneration({ status: 'succeeded', text: 'Good day' }) })
    expect(words()).toEqual(['Good ', 'finished'])
    expect(open()).toEqual([])
    expect(FakeSource.all.map(({ url }) => url)).toEqual(['/api/generations/g/events'])
  })

  it('goes on after a loss where it was', async () => {
    follow()
    last().send(text(0, 'Good '), '1.5')
    last().dispatchEvent(new Event('error'))
    await vi.advanceTimersByTimeAsync(500)
    expect(open().map(({ url }) => url)).toEqual(['/api/generations/g/events?after=1.5'])
    last().send(text(5, 'day'), '1.8')
    expect(words().at(-1)).toBe('day')
  })

  it('hears of an end that came while it was away', async () => {
    follow()
    stored = aGeneration({ status: 'failed' })
    last().dispatchEvent(new Event('error'))
    await vi.advanceTimersByTimeAsync(0)
    expect(words()).toEqual(['finished'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(open()).toEqual([])
  })

  it('asks for all of it when a piece was lost', () => {
    follow()
    last().send(text(0, 'Good '), '1.5')
    last().send(text(7, 'y'), '1.8')
    expect(words()).toEqual(['Good '])
    expect(open().map(({ url }) => url)).toEqual(['/api/generations/g/events'])
    last().send(text(0, 'Good day'), '1.8')
    expect(words().at(-1)).toBe('Good day')
  })

  it('tries less and less often while the server is away', async () => {
    follow()
    stored = new Error('The server cannot be reached.')
    for (const pause of [500, 1_000, 2_000]) {
      const before = FakeSource.all.length
      last().dispatchEvent(new Event('error'))
      await vi.advanceTimersByTimeAsync(pause - 1)
      expect(FakeSource.all).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(FakeSource.all).toHaveLength(before + 1)
    }
  })

  it('gives up on one that is not there', async () => {
    follow()
    stored = Object.assign(new Error('There is no such generation.'), { problem: { status: 404 } })
    last().dispatchEvent(new Event('error'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(gone.map(({ message }) => message)).toEqual(['There is no such generation.'])
    expect(open()).toEqual([])
  })

  it('leaves connections for the rest of the page: what gets no stream is read, until a place is free', async () => {
    for (let each = 0; each <= MOST_STREAMS; each++) follow(`g${each}`)
    expect(open()).toHaveLength(MOST_STREAMS)
    stored = aGeneration({ text: 'Half' })
    await vi.advanceTimersByTimeAsync(400)
    expect(words()).toEqual(['state', 'state', 'Half'])
    const before = reads
    open()[0]?.send({ type: 'finished', generation: aGeneration({ status: 'succeeded' }) })
    expect(last().url).toBe(`/api/generations/g${MOST_STREAMS}/events`)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(reads).toBe(before)
  })

  it('gives the stream back while nobody looks, and takes it up again', () => {
    follow()
    last().send(text(0, 'Good '), '1.5')
    show('hidden')
    vi.advanceTimersByTime(20_000)
    expect(open()).toEqual([])
    show('visible')
    expect(open().map(({ url }) => url)).toEqual(['/api/generations/g/events?after=1.5'])
  })

  it('rests without a stream, too: a hidden tab asks nothing', async () => {
    for (let n = 0; n <= MOST_STREAMS; n++) follow(`g${n}`)
    await vi.advanceTimersByTimeAsync(2000)
    expect(reads).toBeGreaterThan(3)
    show('hidden')
    await vi.advanceTimersByTimeAsync(20_000)
    const before = reads
    await vi.advanceTimersByTimeAsync(600_000)
    expect(reads).toBe(before)
    expect(open()).toEqual([])
    show('visible')
    await vi.advanceTimersByTimeAsync(2000)
    expect(open()).toHaveLength(MOST_STREAMS)
    expect(reads).toBeGreaterThan(before)
  })

  it('rests while it cannot reach the server', async () => {
    stored = new Error('the network is away')
    follow()
    last().dispatchEvent(new Event('error'))
    show('hidden')
    await vi.advanceTimersByTimeAsync(40_000)
    const before = reads
    await vi.advanceTimersByTimeAsync(600_000)
    expect(reads).toBe(before)
    expect(open()).toEqual([])
  })

  it('opens nothing for a look that was under way when the tab was hidden or shown', async () => {
    const answers: (() => void)[] = []
    const read = () =>
      new Promise<Generation>((resolve) => void answers.push(() => resolve(aGeneration({ text: 'one' }))))
    ends.push(followGeneration('g', { hear: (event) => heard.push(event), onGone: () => undefined, read }))
    last().dispatchEvent(new Event('error'))
    expect(answers).toHaveLength(1)
    show('hidden')
    await vi.advanceTimersByTimeAsync(20_000)
    answers[0]?.()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(open()).toEqual([])
    expect(words()).toEqual(['state', 'one'])
    show('visible')
    last().dispatchEvent(new Event('error'))
    show('hidden')
    show('visible')
    expect(open()).toHaveLength(1)
    const streams = FakeSource.all.length
    answers[1]?.()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSource.all).toHaveLength(streams)
  })

  it('rests in a tab that is opened behind others', async () => {
    page.visibilityState = 'hidden'
    follow()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(open()).toEqual([])
    show('visible')
    expect(open()).toHaveLength(1)
  })
})
