/**
 * A browser opens six connections to one server, and all its tabs share them. So many streams may be open in
 * a tab that one is left for the feed of changes, and one for what somebody presses.
 */
export const MOST_STREAMS = 4
/** A tab that is looked at again soon keeps its stream. */
const HIDDEN_MS = 20_000

const taken = new Set<symbol>()
const waiting: (() => void)[] = []

/** Takes one of the tab's places for streams; undefined while there is none. */
function takePlace(): (() => void) | undefined {
  if (taken.size >= MOST_STREAMS) return undefined
  const place = Symbol('stream')
  taken.add(place)
  return () => {
    if (taken.delete(place)) waiting.shift()?.()
  }
}

/** Calls once when a place may have become free. */
function awaitPlace(onFree: () => void): () => void {
  waiting.push(onFree)
  return () => {
    const at = waiting.indexOf(onFree)
    if (at >= 0) waiting.splice(at, 1)
  }
}

export interface StreamOptions {
  /** Where the stream goes on, asked each time that it opens. */
  address: () => string
  /** The types of its events. */
  events: readonly string[]
  hear: (message: MessageEvent<string>) => void
  /** Milliseconds before the first retry and, doubled each time, at most. */
  retry: { firstMs: number; lastMs: number }
  /** The server is not reached; it is tried again by itself. */
  onLost: () => void
  /** For a stream that takes one of the tab's places: what it would tell is read while it has none. */
  instead?: { read: (signal: AbortSignal) => Promise<void>; everyMs: number }
}

/**
 * Follows an event stream of the server. It opens again after every loss, less and less often while the server
 * is away. A tab that nobody looks at gives its stream back and asks nothing.
 */
export function followStream({ address, events, hear, retry, onLost, instead }: StreamOptions) {
  let source: EventSource | undefined
  /** Gives back the place of the stream, or the wait for one. */
  let release: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let hiding: ReturnType<typeof setTimeout> | undefined
  let losses = 0
  /** Each rest begins a new one: a read of an earlier one opens nothing. */
  let round = 0
  const ended = new AbortController()

  const open = () => {
    rest()
    if (ended.signal.aborted) return
    if (instead !== undefined) {
      release = takePlace()
      if (release === undefined) {
        release = awaitPlace(open)
        return void lookAndRetry()
      }
    }
    source = new EventSource(address())
    for (const type of events) source.addEventListener(type, onEvent)
    source.addEventListener('error', onError)
  }
  const onEvent = (message: MessageEvent<string>) => {
    losses = 0
    hear(message)
  }
  // The browser would try again by itself only after a broken connection, not after an answer such as 503.
  const onError = () => {
    rest()
    void lookAndRetry()
  }
  const lookAndRetry = async () => {
    const own = round
    const read = instead?.read(ended.signal).then(
      () => true,
      () => false,
    )
    const isRead = read !== undefined && (await read)
    if (own !== round || ended.signal.aborted) return
    if (!isRead) onLost()
    const isReached = isRead && losses === 0
    timer = setTimeout(
      open,
      isReached ? instead?.everyMs : Math.min(retry.firstMs * 2 ** losses++, retry.lastMs),
    )
  }
  const rest = () => {
    round += 1
    clearTimeout(timer)
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
  document.addEventListener('visibilitychange', onVisibility)
  if (document.visibilityState === 'visible') open()
  return {
    /** Opens it at once where it is to go on now. */
    reopen: open,
    end: () => {
      ended.abort()
      clearTimeout(hiding)
      document.removeEventListener('visibilitychange', onVisibility)
      rest()
    },
  }
}
