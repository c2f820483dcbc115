import { part } from '#components/ui/part.ts'
import { announce, UNREACHABLE } from '#components/ui/reach.ts'
import type { Generation, GenerationEvent } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'
import { hearEvent, leavesGap, UNKNOWN } from './live-generation.ts'
import { awaitSlot, takeSlot } from './stream-slots.ts'

const loadRead = part(() => import('./read.ts'))

export interface FollowOptions {
  hear: (event: GenerationEvent) => void
  /** The server knows it no longer, or refuses to tell: nothing more will be heard. */
  onGone: (error: Error) => void
  /** Reads it as it is now. */
  read?: (id: string, signal: AbortSignal) => Promise<Generation>
}

const EVENTS = ['state', 'text', 'restart', 'finished'] as const
/** How often one that got no stream is read. */
const LOOK_MS = 400
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 10_000
/** A tab that is looked at again soon keeps what it holds. */
const HIDDEN_MS = 20_000

const readLazily = async (id: string, signal: AbortSignal) => (await loadRead()).readGeneration(id, signal)

/**
 * Tells what happens to a generation until it has ended: over a stream that goes on after every loss where it
 * was, or, while other streams of this tab take all the connections, by reading it again and again. A tab that
 * nobody looks at gives its stream back.
 * @returns ends it
 */
export function followGeneration(id: string, { hear, onGone, read = readLazily }: FollowOptions): () => void {
  let source: EventSource | undefined
  let release: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopWaiting: (() => void) | undefined
  let after: string | undefined
  let losses = 0
  let hiding: ReturnType<typeof setTimeout> | undefined
  /** Each rest begins a new one: what a look of an earlier one finds opens nothing. */
  let round = 0
  let known = UNKNOWN
  const ended = new AbortController()

  const tell = (event: GenerationEvent) => {
    if (ended.signal.aborted) return
    known = hearEvent(known, event)
    hear(event)
    if (event.type === 'finished') end()
  }

  const open = () => {
    rest()
    if (ended.signal.aborted) return
    release = takeSlot()
    if (release === undefined) {
      stopWaiting = awaitSlot(open)
      void look()
      return
    }
    const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
    source = new EventSource(`/api/generations/${id}/events${query}`)
    for (const type of EVENTS) source.addEventListener(type, onEvent)
    source.addEventListener('error', onLost)
  }

  const onEvent = (message: MessageEvent<string>) => {
    // The contract's schema describes it; the protocol tests hold the server to that.
    const event: GenerationEvent = JSON.parse(message.data)
    losses = 0
    // Something was lost on the way: all of it once more, of which what is there counts once.
    if (leavesGap(known, event)) {
      after = undefined
      return open()
    }
    if (message.lastEventId !== '') after = message.lastEventId
    tell(event)
  }

  // A stream ends in the same way whether the network went, the server restarts or the generation is gone.
  const onLost = () => {
    rest()
    void look()
  }

  /** Reads it, and decides how to go on: with a stream if there is room for one. */
  const look = async () => {
    const own = round
    try {
      const generation = await read(id, ended.signal)
      for (const event of eventsOf(generation)) tell(event)
      if (own === round) later(losses === 0 ? LOOK_MS : retryMs())
    } catch (error) {
      if (ended.signal.aborted) return
      if (isFinal(error)) return fail(error)
      if (own !== round) return
      announce(UNREACHABLE)
      later(retryMs())
    }
  }
  const retryMs = () => Math.min(FIRST_RETRY_MS * 2 ** losses++, LAST_RETRY_MS)
  const later = (ms: number) => {
    if (ended.signal.aborted) return
    clearTimeout(timer)
    timer = setTimeout(open, ms)
  }
  const fail = (error: Error) => {
    end()
    onGone(error)
  }

  /** Gives up what it holds: the stream, the place in the queue, the timer, the look under way. */
  const rest = () => {
    round += 1
    clearTimeout(timer)
    stopWaiting?.()
    stopWaiting = undefined
    source?.close()
    source = undefined
    release?.()
    release = undefined
  }

  const onVisibility = () => {
    clearTimeout(hiding)
    if (document.visibilityState !== 'visible') hiding = setTimeout(rest, HIDDEN_MS)
    else if (source === undefined) open()
  }
  const end = () => {
    ended.abort()
    clearTimeout(hiding)
    document.removeEventListener('visibilitychange', onVisibility)
    rest()
  }
  document.addEventListener('visibilitychange', onVisibility)
  open()
  if (document.visibilityState !== 'visible') onVisibility()
  return end
}

/** What a stream from the beginning would have told by now. */
function eventsOf(generation: Generation): GenerationEvent[] {
  const { status, text, attempts } = generation
  if (isFinished(status)) return [{ type: 'finished', generation }]
  const last = attempts.at(-1)
  const attempt = last?.attempt ?? 0
  const configuration = last?.configuration ?? generation.configuration
  return [
    { type: 'state', status, attempt, configuration },
    ...(text ? [{ type: 'text' as const, attempt, position: 0, text }] : []),
  ]
}

/** Whether asking again can change nothing: there is no such generation, or it may not be read. */
function isFinal(error: unknown): error is Error {
  if (!(error instanceof Error) || !('problem' in error)) return false
  const { problem } = error
  const status = typeof problem === 'object' && problem !== null && 'status' in problem ? problem.status : 0
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 429
}
