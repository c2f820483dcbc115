/** Somebody found that the server does not answer; ConnectionNotice looks for itself. */
export const UNREACHABLE = 'incipit:unreachable'
/** The server answers again. */
export const REACHED = 'incipit:reached'
/** The server answers, and has other files than this page was made of. */
export const OUTDATED = 'incipit:outdated'

const PATIENCE_MS = 5_000

export type Reach = typeof UNREACHABLE | typeof REACHED | typeof OUTDATED

/** Tells every part of the page how things stand with the server. */
export function announce(reach: Reach): void {
  window.dispatchEvent(new Event(reach))
}

/** Asks the server for a sign of life; false when none comes within five seconds. */
export async function isReached(stop?: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const signal = stop === undefined ? patience : AbortSignal.any([stop, patience])
  try {
    const { status } = await fetch('/health/live', { cache: 'no-store', signal })
    // A proxy in front of the server answers for it while it is away.
    return status !== 502 && status !== 504
  } catch {
    return false
  }
}

/** Resolves when the server answers again after it was away. */
function untilReached(): Promise<void> {
  return new Promise((resolve) => window.addEventListener(REACHED, () => resolve(), { once: true }))
}

/** A part of the page's script could not be fetched; shaped as the API's problems, so that both are told alike. */
export class PartMissing extends Error {
  readonly problem: { status: 0; code: 'unreachable' | 'outdated'; title: string; detail: string }
  readonly isOutdated: boolean

  constructor(isOutdated: boolean, cause: unknown) {
    const detail = isOutdated
      ? 'Incipit was updated while this page was open. Load the page again to go on; your draft is kept.'
      : 'The server is not reached. Nothing is lost; try again when it is back.'
    super(detail, { cause })
    this.name = 'PartMissing'
    this.isOutdated = isOutdated
    this.problem = { status: 0, code: isOutdated ? 'outdated' : 'unreachable', title: 'Not loaded', detail }
  }
}

/** Parts that are not loaded yet, with their loaders. */
const awaited = new Set<() => Promise<unknown>>()
let wake: (() => void) | undefined

/**
 * A part of the script that comes after the page: dialogs, panels, calls of the API. It is fetched when the
 * browser is idle, so that it is here when the server is away or serves other files; else when it is first
 * asked for, and again after each failure.
 * @returns fetches it; rejects with PartMissing
 */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
  let fetched: Promise<T> | undefined
  const get = () => {
    fetched ??= load().catch(async (cause: unknown) => {
      fetched = undefined
      throw await explain(cause)
    })
    return fetched
  }
  if (typeof window !== 'undefined') {
    awaited.add(get)
    wake?.()
  }
  return get
}

/** A part that nobody can do without: while it cannot be fetched it is waited for. */
export function lastingPart<T>(load: () => Promise<T>): () => Promise<T> {
  const get = part(load)
  const getAtLast = async (): Promise<T> => {
    try {
      return await get()
    } catch (error) {
      if (!(error instanceof PartMissing)) throw error
      await untilReached()
      return getAtLast()
    }
  }
  return getAtLast
}

async function explain(cause: unknown): Promise<unknown> {
  if (!isChunkError(cause)) return cause
  const isOutdated = await isReached()
  announce(isOutdated ? OUTDATED : UNREACHABLE)
  return new PartMissing(isOutdated, cause)
}

/** Whether a file of the page's script did not come. */
export function isChunkError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ChunkLoadError' || error instanceof PartMissing)
}

/** Fetches all parts while the browser has nothing else to do, and those that failed when the server is back. */
export function fetchParts(): () => void {
  const stop = new AbortController()
  let isFetching = false
  const fetchAll = async () => {
    if (isFetching) return
    isFetching = true
    try {
      for (const get of awaited) {
        if (stop.signal.aborted) return
        await get()
        awaited.delete(get)
      }
      document.documentElement.dataset.parts = 'here'
    } catch {
      // They are asked for again when the server is back, or when somebody wants one.
    } finally {
      isFetching = false
    }
  }
  const schedule = () => {
    document.documentElement.dataset.parts = 'coming'
    whenIdle(() => void fetchAll(), stop.signal)
  }
  wake = schedule
  schedule()
  window.addEventListener(REACHED, schedule, { signal: stop.signal })
  return () => {
    wake = undefined
    stop.abort()
  }
}

/** Runs something when the browser has nothing better to do; at the latest after some seconds. */
function whenIdle(run: () => void, stop: AbortSignal): void {
  const once = () => {
    if (!stop.aborted) run()
  }
  if ('requestIdleCallback' in window) requestIdleCallback(once, { timeout: 4_000 })
  else setTimeout(once, 2_000)
}
