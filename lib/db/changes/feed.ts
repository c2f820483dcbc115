import type pg from 'pg'
import { isAppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Availability } from '../availability.ts'
import { translateDatabaseError } from '../database-error.ts'
import { withTimeout } from '../timeout.ts'
import { probeDisk, type Troubles } from '../troubles.ts'
import { Listener } from './listener.ts'
import { type ChangeNotice, decodePayload, isWhole, type News } from './notice.ts'
import { readNotices, readRevisions } from './notice-log.ts'
import { Progress } from './progress.ts'

export interface ChangeFeedOptions {
  url: string
  pool: pg.Pool
  availability: Availability
  troubles: Troubles
  /** Another server answers than before; it is told by the time of its start. */
  onMove: (server: string) => void
  log: Log
  pollIntervalMs: number
  downAfterMs: number
}

/** After an outage the database serves a backlog: the timeout is longer by this factor for this time. */
const RECOVERY = { ms: 15_000, factor: 3 }

/** A notification needs some milliseconds more than the commit that the poll has just seen. */
const NOTIFICATION_GRACE_MS = 250

type ChangeListener = (notice: ChangeNotice) => void
type ResetListener = (workspaceId: string, revision: number) => void
type NewsListener = (news: News) => void

/**
 * Announces what changed in the database, once a revision and in order of arrival, to everything in this
 * process. NOTIFY brings a change within milliseconds; a poll of the revision brings it when the listening
 * connection has died silently, and fills gaps from the audit log.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions
  readonly #listener: Listener
  readonly #progress = new Progress()
  readonly #changeListeners = new Set<ChangeListener>()
  readonly #resetListeners = new Set<ResetListener>()
  readonly #newsListeners = new Set<NewsListener>()
  #timer: NodeJS.Timeout | undefined
  #polling: Promise<void> | undefined
  #server: string | undefined
  #hasPolled = false
  #isStopped = false
  #recoveredAt = Number.NEGATIVE_INFINITY

  constructor(options: ChangeFeedOptions) {
    this.#options = options
    const { url, log, availability, troubles } = options
    this.#listener = new Listener({
      url,
      log,
      onPayload: (payload) => this.#receive(payload),
      onConnect: () => void this.#poll(),
    })
    availability.onRecovery(() => {
      this.#recoveredAt = performance.now()
    })
    // Another server may have become the primary: a new connection finds it.
    troubles.onTrouble((trouble) => {
      if (trouble === 'read_only') this.#listener.renew()
    })
  }

  async start(): Promise<void> {
    this.#isStopped = false
    await Promise.all([this.#listener.start(), this.#poll()])
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#listener.stop()
  }

  /** Whether the listening connection and the poll have both answered. */
  get ready(): boolean {
    return this.#hasPolled && this.#listener.connected && !this.#options.availability.down
  }

  /** The last revision up to which every change was announced. */
  seen(workspaceId: string): number {
    return this.#progress.seen(workspaceId)
  }

  /** Announces a change of this process at once, without waiting for the notification. */
  apply(notice: ChangeNotice): void {
    if (!this.#progress.note(notice.workspace_id, notice.revision)) return
    for (const call of this.#changeListeners) call(notice)
    this.#progress.wake()
  }

  /** Calls the listener for each change; the answer unsubscribes. Listeners must not throw. */
  onChange(listener: ChangeListener): () => void {
    this.#changeListeners.add(listener)
    return () => void this.#changeListeners.delete(listener)
  }

  /** Calls the listener when changes may have been missed beyond what the log can tell. */
  onReset(listener: ResetListener): () => void {
    this.#resetListeners.add(listener)
    return () => void this.#resetListeners.delete(listener)
  }

  /**
   * Calls the listener when something is new that no revision counts. News may get lost: subscribers also poll
   * now and then. Listeners must not throw.
   */
  onNews(listener: NewsListener): () => void {
    this.#newsListeners.add(listener)
    return () => void this.#newsListeners.delete(listener)
  }

  /** Waits until the revision has been announced; false when it has not within the time. */
  waitFor(workspaceId: string, revision: number, timeoutMs: number): Promise<boolean> {
    const waiting = this.#progress.waitFor(workspaceId, revision, timeoutMs)
    if (this.seen(workspaceId) < revision) void this.#poll()
    return waiting
  }

  #receive(text: string | undefined): void {
    const payload = decodePayload(text)
    if (payload === undefined) return
    if ('topic' in payload) for (const call of this.#newsListeners) call(payload)
    else if (isWhole(payload)) this.apply(payload)
    else void this.#poll()
  }

  #schedule(): void {
    if (this.#isStopped) return
    const next = () => void this.#poll().finally(() => this.#schedule())
    this.#timer = setTimeout(next, this.#options.pollIntervalMs)
  }

  #poll(): Promise<void> {
    this.#polling ??= this.#pollOnce().finally(() => {
      this.#polling = undefined
    })
    return this.#polling
  }

  async #pollOnce(): Promise<void> {
    const { pool, availability, troubles } = this.#options
    let failure: unknown
    const answer = await this.#inTime(this.#readRevisions(), (error) => {
      failure = error
    })
    if (this.#isStopped) return
    if (answer === undefined && this.#isRefusal(failure)) return
    // The database is slow, but it has just answered another caller: that is no outage.
    const recently = performance.now() - this.#timeoutMs() / 2
    if (answer === undefined && availability.heardSince(recently)) return
    availability.report(answer !== undefined)
    if (answer === undefined) return
    this.#hasPolled = true
    if (answer.readOnly) troubles.note('read_only')
    // A disk stays full until somebody frees space, which only a probe can tell.
    if (troubles.isDue('storage_full')) void probeDisk(pool, troubles).catch(() => undefined)
    const hasMoved = this.#hasMoved(answer.server)
    for (const { id, revision } of answer.revisions) {
      if (hasMoved) this.#restart(id, revision)
      else await this.#catchUp(id, revision)
    }
  }

  /**
   * Whether another server answers than before. A standby that became the primary may lack the last changes of the
   * one of before, and count others by the same revisions: nothing that was known holds.
   */
  #hasMoved(server: string): boolean {
    const before = this.#server
    this.#server = server
    if (before === undefined || before === server) return false
    this.#options.onMove(server)
    this.#listener.renew()
    return true
  }

  /** Whether the database answered that it has no connection or memory to spare: that is no outage. */
  #isRefusal(failure: unknown): boolean {
    const error = translateDatabaseError(failure)
    if (!isAppError(error) || error.code === 'unavailable') return false
    this.#options.troubles.note(error.code)
    return true
  }

  /** One dead connection is no outage: a second connection is tried before an outage is reported. */
  #readRevisions(): ReturnType<typeof readRevisions> {
    return new Promise((resolve, reject) => {
      const read = () => readRevisions(this.#options.pool)
      const timer = setTimeout(() => void read().then(resolve, () => undefined), this.#timeoutMs() / 2)
      const settled = read().catch(read).then(resolve, reject)
      void settled.finally(() => clearTimeout(timer))
    })
  }

  /** Reads from the audit log what no notification has announced. */
  async #catchUp(workspaceId: string, revision: number): Promise<void> {
    const seen = this.seen(workspaceId)
    // A revision that went back means that a backup was restored: nothing that was known holds.
    if (!this.#progress.isKnown(workspaceId) || revision < seen) return this.#restart(workspaceId, revision)
    if (revision === seen) return
    if (this.#listener.connected && (await this.#isAnnounced(workspaceId, revision))) return
    const { pool } = this.#options
    const notices = await this.#inTime(readNotices(pool, workspaceId, this.seen(workspaceId), revision))
    if (notices === undefined) return
    const before = this.seen(workspaceId)
    for (const notice of notices.items) this.apply(notice)
    this.#progress.advance(workspaceId, revision)
    if (notices.complete) this.#progress.wake()
    else this.#reset(workspaceId, revision)
    this.#listener.suspect(revision - before)
  }

  #isAnnounced(workspaceId: string, revision: number): Promise<boolean> {
    return this.#progress.waitFor(workspaceId, revision, NOTIFICATION_GRACE_MS)
  }

  #restart(workspaceId: string, revision: number): void {
    this.#progress.restart(workspaceId, revision)
    this.#reset(workspaceId, revision)
  }

  #reset(workspaceId: string, revision: number): void {
    for (const call of this.#resetListeners) call(workspaceId, revision)
    this.#progress.wake()
  }

  #timeoutMs(): number {
    const isRecovering = performance.now() - this.#recoveredAt < RECOVERY.ms
    return this.#options.downAfterMs * (isRecovering ? RECOVERY.factor : 1)
  }

  #inTime<T>(work: Promise<T>, onError?: (error: unknown) => void): Promise<T | undefined> {
    return withTimeout(work, this.#timeoutMs(), (error) => {
      this.#options.log.debug({ err: error }, 'the change feed could not read the database')
      onError?.(error)
    })
  }
}
