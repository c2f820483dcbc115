import type pg from 'pg'
import { isAppError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Availability } from './availability.ts'
import { translateDatabaseError } from './database-error.ts'
import { lookAtDisk, type Troubles } from './troubles.ts'
import { createListener } from './listener.ts'
import { type ChangeNotice, decodePayload, isWhole, type News } from './notice.ts'
import { readNotices, readRevisions } from './notice-log.ts'
import { waitPatiently } from './patience.ts'

export interface ChangeFeedOptions {
  url: string
  pool: pg.Pool
  availability: Availability
  troubles: Troubles
  log: Log
  pollIntervalMs: number
  downAfterMs: number
}

/**
 * What changed in the database, told once a revision and in order of arrival to everybody in this
 * process. NOTIFY brings it within milliseconds; a poll of the revision brings it when the listening
 * connection has died silently, and fills gaps from the audit log.
 */
export interface ChangeFeed {
  start(): Promise<void>
  stop(): Promise<void>
  /** Whether the listening connection and the poll have both answered. */
  readonly ready: boolean
  /** The last revision up to which every change was told. */
  seen(workspaceId: string): number
  /** Tells a change of this process at once, without waiting for the notification. */
  apply(notice: ChangeNotice): void
  /** Calls the listener for each change; the answer unsubscribes. Listeners must not throw. */
  onChange(listener: (notice: ChangeNotice) => void): () => void
  /** Calls the listener when changes may have been missed beyond what the log can tell. */
  onReset(listener: (workspaceId: string, revision: number) => void): () => void
  /**
   * Calls the listener when something is new that no revision counts. It may get lost: whoever shows it looks for
   * itself now and then. Listeners must not throw.
   */
  onNews(listener: (news: News) => void): () => void
  /** Waits until the revision has been told; false when it has not within the time. */
  waitFor(workspaceId: string, revision: number, timeoutMs: number): Promise<boolean>
}

interface Progress {
  /** Everything up to here was told. */
  seen: number
  /** Told before their turn. */
  ahead: Set<number>
}

/** A database that has just come back has a crowd to serve: for so long it may be so many times as slow. */
const COMING_BACK = { ms: 15_000, patience: 3 }

/** A notification needs some milliseconds more than the commit that the poll has just seen. */
const NOTIFICATION_GRACE_MS = 250

export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const { pool, availability, troubles, log } = options
  const progress = new Map<string, Progress>()
  const changeListeners = new Set<(notice: ChangeNotice) => void>()
  const resetListeners = new Set<(workspaceId: string, revision: number) => void>()
  const newsListeners = new Set<(news: News) => void>()
  const revisionListeners = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined
  let polling: Promise<void> | undefined
  let polled = false
  let stopped = false
  let cameBackAt = Number.NEGATIVE_INFINITY
  availability.onRecovery(() => {
    cameBackAt = performance.now()
  })

  const listener = createListener({
    url: options.url,
    log,
    onPayload: receive,
    onConnect: () => void poll(),
  })

  // Another server may have become the primary: it is found by connecting anew.
  troubles.onTrouble((trouble) => {
    if (trouble === 'read_only') listener.renew()
  })

  function receive(text: string | undefined): void {
    const payload = decodePayload(text)
    if (payload === undefined) return
    if ('topic' in payload) for (const call of newsListeners) call(payload)
    else if (isWhole(payload)) tell(payload)
    else void poll()
  }

  function tell(notice: ChangeNotice): void {
    const state = progress.get(notice.workspace_id)
    if (state !== undefined) {
      if (notice.revision <= state.seen || state.ahead.has(notice.revision)) return
      state.ahead.add(notice.revision)
      advance(state, state.seen)
    }
    for (const call of changeListeners) call(notice)
    for (const call of revisionListeners) call()
  }

  function poll(): Promise<void> {
    polling ??= pollOnce().finally(() => {
      polling = undefined
    })
    return polling
  }

  async function pollOnce(): Promise<void> {
    let failure: unknown
    const answered = await inTime(readRevisionsTwice(), (error) => {
      failure = error
    })
    if (stopped) return
    if (answered === undefined && refuses(failure)) return
    // Slow, but it has just answered somebody else: that is no outage.
    const justNow = performance.now() - patienceMs() / 2
    if (answered === undefined && availability.heardSince(justNow)) return
    availability.report(answered !== undefined)
    if (answered === undefined) return
    polled = true
    if (answered.readOnly) troubles.note('read_only')
    // A disk stays full until somebody makes room, which only a look can tell.
    if (troubles.isDue('storage_full')) void lookAtDisk(pool, troubles).catch(() => undefined)
    for (const { id, revision } of answered.revisions) await catchUp(id, revision)
  }

  /** Whether the database did answer, and said that it has no connection or memory to spare: no outage. */
  function refuses(failure: unknown): boolean {
    const error = translateDatabaseError(failure)
    if (!isAppError(error) || error.code === 'unavailable') return false
    troubles.note(error.code)
    return true
  }

  /** One dead connection is not a database that is away: another one is asked before that is said. */
  function readRevisionsTwice(): ReturnType<typeof readRevisions> {
    return new Promise((resolve, reject) => {
      const again = () => readRevisions(pool)
      const clock = setTimeout(() => void again().then(resolve, () => undefined), patienceMs() / 2)
      const answered = again().catch(again).then(resolve, reject)
      void answered.finally(() => clearTimeout(clock))
    })
  }

  /** Reads from the audit log what was not told by a notification. */
  async function catchUp(workspaceId: string, revision: number): Promise<void> {
    const state = progress.get(workspaceId)
    if (state === undefined) {
      progress.set(workspaceId, { seen: revision, ahead: new Set() })
      for (const call of resetListeners) call(workspaceId, revision)
      for (const call of revisionListeners) call()
      return
    }
    if (revision < state.seen) {
      // The database was restored from a backup: nothing that was known holds.
      progress.delete(workspaceId)
      return catchUp(workspaceId, revision)
    }
    if (revision === state.seen) return
    if (listener.connected && (await told(workspaceId, revision, NOTIFICATION_GRACE_MS))) return
    const notices = await inTime(readNotices(pool, workspaceId, state.seen, revision))
    if (notices === undefined) return
    const before = state.seen
    for (const notice of notices.items) tell(notice)
    if (notices.complete) {
      advance(state, revision)
    } else {
      advance(state, revision)
      for (const call of resetListeners) call(workspaceId, revision)
    }
    for (const call of revisionListeners) call()
    listener.suspect(revision - before)
  }

  /** Waits until a revision was told; false when it was not within the time. */
  function told(workspaceId: string, revision: number, timeoutMs: number): Promise<boolean> {
    const reached = () => (progress.get(workspaceId)?.seen ?? 0) >= revision
    if (reached()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const finish = (result: boolean) => {
        clearTimeout(clock)
        revisionListeners.delete(check)
        resolve(result)
      }
      const check = () => {
        if (reached()) finish(true)
      }
      const clock = setTimeout(() => finish(false), timeoutMs)
      revisionListeners.add(check)
    })
  }

  function patienceMs(): number {
    const isBack = performance.now() - cameBackAt < COMING_BACK.ms
    return options.downAfterMs * (isBack ? COMING_BACK.patience : 1)
  }

  function inTime<T>(work: Promise<T>, onError?: (error: unknown) => void): Promise<T | undefined> {
    return waitPatiently(work, patienceMs(), (error) => {
      log.debug({ err: error }, 'the change feed could not read the database')
      onError?.(error)
    })
  }

  function schedule(): void {
    if (stopped) return
    timer = setTimeout(() => void poll().finally(schedule), options.pollIntervalMs)
  }

  return {
    async start() {
      stopped = false
      await Promise.all([listener.start(), poll()])
      schedule()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await listener.stop()
    },
    get ready() {
      return polled && listener.connected && !availability.down
    },
    seen: (workspaceId) => progress.get(workspaceId)?.seen ?? 0,
    apply: tell,
    onChange(call) {
      changeListeners.add(call)
      return () => void changeListeners.delete(call)
    },
    onReset(call) {
      resetListeners.add(call)
      return () => void resetListeners.delete(call)
    },
    onNews(call) {
      newsListeners.add(call)
      return () => void newsListeners.delete(call)
    },
    waitFor(workspaceId, revision, timeoutMs) {
      const waiting = told(workspaceId, revision, timeoutMs)
      if ((progress.get(workspaceId)?.seen ?? 0) < revision) void poll()
      return waiting
    },
  }
}

/** Moves `seen` to a revision and past everything that was told ahead of it. */
function advance(state: Progress, revision: number): void {
  state.seen = Math.max(state.seen, revision)
  for (const told of state.ahead) if (told <= state.seen) state.ahead.delete(told)
  while (state.ahead.delete(state.seen + 1)) state.seen += 1
}
