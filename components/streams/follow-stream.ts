/**
 * A browser opens six connections to one server, and all its tabs share them. So many streams may be open in
 * a tab that one is left for the feed of changes, and one for requests of the page.
 */
export const MOST_STREAMS = 4
/** A tab that is looked at again soon keeps its stream. */
const HIDDEN_MS = 20_000

const taken = new Set<symbol>()
const waiting: (() => void)[] = []

/** Takes one of the tab's places for streams; while there is none, `onFree` is called when one may be free. */
function takePlace(onFree: () => void): { isTaken: boolean; release: () => void } {
  if (taken.size >= MOST_STREAMS) {
    waiting.push(onFree)
    const release = () => {
      const at = waiting.indexOf(onFree)
      if (at >= 0) waiting.splice(at, 1)
    }
    return { isTaken: false, release }
  }
  const place = Symbol('stream')
  taken.add(place)
  const release = () => {
    if (taken.delete(place)) waiting.shift()?.()
  }
  return { isTaken: true, release }
}

/** Calls `hide` some time after the tab has gone out of sight, and `show` as soon as it is back. */
function watchVisibility(show: () => void, hide: () => void): () => void {
  let hiding: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(hiding)
    if (document.visibilityState === 'visible') show()
    else hiding = setTimeout(hide, HIDDEN_MS)
  }
  document.addEventListener('visibilitychange', look)
  return () => {
    clearTimeout(hiding)
    document.removeEventListener('visibilitychange', look)
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
  /** For a stream that takes one of the tab's places: polling while it has none. */
  instead?: { read: (signal: AbortSignal) => Promise<void>; everyMs: number }
}

interface Connection {
  /** False while it waits for a place. */
  isOpen: boolean
  close: () => void
}

/** Opens a stream, or waits for a place when the stream needs one and the tab has none left. */
function connect(
  { address, events, instead }: StreamOptions,
  on: { event: (message: MessageEvent<string>) => void; error: () => void; free: () => void },
): Connection {
  const place = instead === undefined ? undefined : takePlace(on.free)
  if (place?.isTaken === false) return { isOpen: false, close: place.release }
  const source = new EventSource(address())
  for (const type of events) source.addEventListener(type, on.event)
  source.addEventListener('error', on.error)
  const close = () => {
    source.close()
    place?.release()
  }
  return { isOpen: true, close }
}

const backoffMs = ({ firstMs, lastMs }: StreamOptions['retry'], losses: number): number =>
  Math.min(firstMs * 2 ** losses, lastMs)

const succeeds = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

/**
 * Follows an event stream of the server. It opens again after every loss, less and less often while the server
 * is away. A tab that nobody looks at gives its stream back and asks nothing.
 */
export function followStream(options: StreamOptions) {
  const { hear, retry, onLost, instead } = options
  let connection: Connection | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let losses = 0
  /** Each rest begins a new one: a read of an earlier one opens nothing. */
  let round = 0
  const ended = new AbortController()

  const open = () => {
    rest()
    if (ended.signal.aborted) return
    connection = connect(options, { event: onEvent, error: onError, free: open })
    if (!connection.isOpen) void lookAndRetry()
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
    const isRead = instead !== undefined && (await succeeds(instead.read(ended.signal)))
    if (own !== round || ended.signal.aborted) return
    if (!isRead) onLost()
    const isReached = isRead && losses === 0
    timer = setTimeout(open, isReached ? instead?.everyMs : backoffMs(retry, losses++))
  }
  const rest = () => {
    round += 1
    clearTimeout(timer)
    connection?.close()
    connection = undefined
  }
  const unwatch = watchVisibility(() => connection?.isOpen || open(), rest)
  if (document.visibilityState === 'visible') open()
  return {
    /** Opens it at once where it is to go on now. */
    reopen: open,
    end: () => {
      ended.abort()
      unwatch()
      rest()
    },
  }
}
