import { followStream } from '#components/streams/follow-stream.ts'
import { announce, UNREACHABLE } from '#components/ui/part.ts'
import type { Generation, GenerationEvent } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'
import { problemOf } from '#lib/rest/client.ts'
import { readGeneration } from '../queries.ts'
import { hearEvent, leavesGap, UNKNOWN } from './live-generation.ts'

export interface FollowOptions {
  hear: (event: GenerationEvent) => void
  /** The server knows it no longer, or refuses to tell: nothing more will be heard. */
  onGone: (error: Error) => void
  /** Reads it as it is now. */
  read?: (id: string, signal: AbortSignal) => Promise<Generation>
}

/**
 * Tells the events of a generation until it has ended: over a stream that goes on after every loss where it
 * was, or, while other streams of this tab take all the connections, by reading it again and again.
 * @returns ends it
 */
export function followGeneration(
  id: string,
  { hear, onGone, read = readGeneration }: FollowOptions,
): () => void {
  let after: string | undefined
  let known = UNKNOWN
  const tell = (event: GenerationEvent) => {
    known = hearEvent(known, event)
    hear(event)
    if (event.type === 'finished') stream.end()
  }
  const onEvent = (message: MessageEvent<string>) => {
    // The contract's schema describes it; the protocol tests hold the server to that.
    const event: GenerationEvent = JSON.parse(message.data)
    // Something was lost on the way: the stream starts again, and known text counts once.
    if (leavesGap(known, event)) {
      after = undefined
      return stream.reopen()
    }
    if (message.lastEventId !== '') after = message.lastEventId
    tell(event)
  }
  // A stream ends in the same way whether the network went, the server restarts or the generation is gone.
  const look = async (signal: AbortSignal) => {
    try {
      const generation = await read(id, signal)
      if (signal.aborted) return
      for (const event of eventsOf(generation)) tell(event)
    } catch (error) {
      if (signal.aborted || !isFinal(error)) throw error
      stream.end()
      onGone(error)
    }
  }
  const stream = followStream({
    address: () =>
      `/api/generations/${id}/events${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
    events: ['state', 'text', 'restart', 'finished'],
    hear: onEvent,
    retry: { firstMs: 500, lastMs: 10_000 },
    onLost: () => announce(UNREACHABLE),
    instead: { read: look, everyMs: 400 },
  })
  return stream.end
}

/** The events of a stream from the beginning up to now. */
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
  const status = problemOf(error)?.status ?? 0
  return status >= 400 && status < 500 && status !== 429
}

/**
 * Batches items by animation frame: words that arrive one by one are drawn together. A page
 * that nobody sees has no frames, so it is not waited for longer than a moment.
 */
export function eachFrame<T>(take: (gathered: T[]) => void): { add: (one: T) => void; stop: () => void } {
  const LONGEST_MS = 100
  let gathered: T[] = []
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    timer = undefined
  }
  const flush = () => {
    stop()
    const taken = gathered
    gathered = []
    take(taken)
  }
  return {
    add(one) {
      gathered.push(one)
      if (timer !== undefined) return
      timer = setTimeout(flush, LONGEST_MS)
      frame = requestAnimationFrame(flush)
    },
    stop,
  }
}
