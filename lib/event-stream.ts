/** Server-sent events for every sender; the adapters of Node and of the Web send the bytes. */

/** Where an event stream is written to. */
export interface Sink {
  /** Hands bytes over; false: the reader is slow, wait for `onDrain`. */
  write(frame: string | Uint8Array): boolean
  onDrain(listener: () => void): void
  end(): void
  /** Breaks the answer off, so that its reader does not take a part for the whole. */
  fail?(): void
}

/** An event stream: called once with where to write, it answers how to stop. */
export type StreamStart = (sink: Sink) => () => void

export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  // Proxies would otherwise collect events before they pass them on.
  'x-accel-buffering': 'no',
}

export const KEEP_ALIVE_MS = 15_000
/** A reader that took nothing for so many keep-alives is gone. */
const SILENT_MAX = 4
const KEEP_ALIVE = ': keep-alive\n\n'
/** Streams that are written to in one go; other requests run in between. */
const STREAMS_AT_ONCE = 100

/** One open stream, and how well it is read. */
export interface Reader {
  readonly sink: Sink
  /** The sink took no more. */
  full: boolean
  /** Keep-alives that could not be sent since then. */
  silent: number
}

/** Sends a keep-alive; false when the client seems to be gone. */
export function keepOpen(reader: Reader): boolean {
  if (reader.full) reader.silent += 1
  else reader.full = !reader.sink.write(KEEP_ALIVE)
  return reader.silent < SILENT_MAX
}

/** Visits all, a part at a time, so that a thousand streams do not hold the event loop. */
export function inTurns<R extends Reader>(readers: ReadonlySet<R>, visit: (reader: R) => void): void {
  const all = [...readers]
  const next = (from: number): void => {
    for (const reader of all.slice(from, from + STREAMS_AT_ONCE)) visit(reader)
    if (from + STREAMS_AT_ONCE < all.length) setImmediate(next, from + STREAMS_AT_ONCE)
  }
  next(0)
}
