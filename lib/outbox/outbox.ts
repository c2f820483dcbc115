import { ALERT_MAILS } from '../alerts/tell/alert-mail.ts'
import { newsPublisher } from '../db/changes/news.ts'
import { isUnreachable } from '../db/database-error.ts'
import { jobTarget } from '../jobs.ts'
import { LogThrottle } from '../log-throttle.ts'
import { addAskedGauges } from '../metrics.ts'
import { mailTarget } from '../people/mail/mail-target.ts'
import { getRuntime, type Runtime } from '../runtime.ts'
import { eventTarget, repositoryTarget, webhookTarget } from '../webhooks/targets.ts'
import { deliver, type Refused } from './deliver.ts'
import type { Later, Target, Unsent } from './message.ts'
import {
  COUNTS_AS_LATE,
  claimMessages,
  type Postponed,
  postponeMessages,
  removeMessages,
} from './stored-messages.ts'
import { TargetState } from './target-state.ts'

/** A wake-up call is of no workspace, so that no page is told of it. */
const WAKE = { workspaceId: '', topic: 'outbox' }
/** Messages that are tried at a time while the target takes nothing. */
const PROBES = 2

interface Round {
  isWanted: boolean
  /** Lanes that will see that more is wanted. */
  open: number
  running: Set<Promise<void>>
}

/** The outbox of this process. */
export function outbox(): Outbox {
  return getRuntime().once('outbox', (runtime) => {
    const created = new Outbox(runtime, {
      jobs: jobTarget,
      mail: mailTarget,
      [ALERT_MAILS]: mailTarget,
      events: eventTarget,
      webhooks: webhookTarget,
      repositories: repositoryTarget,
    })
    runtime.onShutdown('close', 'outbox', () => created.stop())
    return created
  })
}

/** What changes have written for others, and how it gets there: at least once, in order for each subject. */
export class Outbox {
  readonly #runtime: Pick<Runtime, 'config' | 'log' | 'feed'>
  readonly #states: readonly TargetState[]
  /** The round of each target: a slow one holds up none of the others. */
  readonly #rounds = new Map<TargetState, Round>()
  readonly #failures = new LogThrottle()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #sending = new Set<Promise<void>>()
  #sent: Unsent[] = []
  #removing: Promise<void> | undefined
  /** Whether this process looks for what others have left behind. */
  #isRelay = false
  #isStopped = false

  constructor(runtime: Pick<Runtime, 'config' | 'log' | 'feed'>, targets: Readonly<Record<string, Target>>) {
    this.#runtime = runtime
    const { limits } = runtime.config
    this.#states = Object.entries(targets).map(([name, target]) => new TargetState(name, target, limits))
  }

  /**
   * Sends what this process has just committed, in the background. Messages that are not taken stay in the table for
   * the relay of some process. Never throws.
   */
  sendNow(messages: readonly Unsent[]): void {
    const byTarget = Map.groupBy(messages, ({ target }) => target)
    for (const state of this.#states) {
      const own = byTarget.get(state.name)
      if (own !== undefined) this.#track(this.#sendFirst(state, own))
    }
  }

  /** Lets this process be a relay: rounds at once, now and then, and whenever something is left behind. */
  start(): void {
    const { config, feed } = this.#runtime
    this.#isRelay = true
    const timer = setInterval(() => this.#wake(), config.limits.outbox_poll_ms)
    timer.unref()
    this.#timers.add(timer)
    feed.onNews(({ topic }) => {
      if (topic === WAKE.topic) this.#wake()
    })
    this.#wake()
  }

  /** Waits for what is being sent; begins nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    await this.settled()
  }

  /** Waits for what is being sent at this moment. */
  async settled(): Promise<void> {
    await Promise.allSettled([
      ...[...this.#rounds.values()].flatMap(({ running }) => [...running]),
      ...this.#sending,
    ])
  }

  /**
   * Sends what is due and nobody is sending, until nothing is left or its target refuses.
   * @throws unavailable
   */
  async round(): Promise<void> {
    await Promise.all(this.#states.map((state) => this.#roundOf(state)))
  }

  async #roundOf(state: TargetState): Promise<void> {
    const round = this.#rounds.get(state) ?? { isWanted: false, open: 0, running: new Set() }
    this.#rounds.set(state, round)
    round.isWanted = true
    if (round.open < (state.target.lanes ?? 1)) {
      round.open += 1
      const lane = this.#run(state, round)
      round.running.add(lane)
      const leave = () => void round.running.delete(lane)
      lane.then(leave, leave)
    }
    await Promise.all(round.running)
  }

  async #run(state: TargetState, round: Round): Promise<void> {
    try {
      while (round.isWanted && !this.#isStopped) {
        round.isWanted = false
        let isMore = true
        while (isMore && !this.#isStopped) isMore = await this.#pass(state)
      }
    } finally {
      // In the step that has seen that nothing more is wanted: what is wanted after it begins a round of its own.
      round.open -= 1
    }
  }

  /** @returns whether there may be more that can be sent now */
  async #pass(state: TargetState): Promise<boolean> {
    if (state.isResting || !state.target.isReady()) return false
    const { outbox_batch } = this.#runtime.config.limits
    const most = Math.min(outbox_batch, state.target.most ?? outbox_batch)
    const messages = await claimMessages(state.name, state.pauseMs > 0 ? Math.min(PROBES, most) : most)
    if (messages.length === 0) return false
    if (messages.length === most && state.target.lanes !== undefined) this.#wake(state)
    const before = state.taken
    const refused = await deliver(state.target, messages, (taken, later) => this.#took(state, taken, later))
    if (refused.length > 0) await this.#refused(state, refused, before)
    return state.taken > before
  }

  async #sendFirst(state: TargetState, messages: readonly Unsent[]): Promise<void> {
    const { target } = state
    if (!target.isReady()) {
      // This process cannot send: another one does so at once.
      await postponeMessages(messages.map((message) => ({ message, tries: 0, ms: 0 })))
      return newsPublisher().publish(WAKE.workspaceId, WAKE.topic)
    }
    let later: readonly Later[] | void
    try {
      later = await target.send(messages)
    } catch (error) {
      this.#tellOfRefusal(state, error)
      const ms = this.#runtime.config.limits.outbox_retry_ms
      return this.#postpone(messages.map((message) => ({ message, tries: 0, ms })))
    }
    await this.#took(state, messages, later ?? [])
  }

  async #took(state: TargetState, messages: readonly Unsent[], later: readonly Later[]): Promise<void> {
    const wasResting = state.pauseMs > 0
    state.took(messages)
    if (this.#failures.succeeded(state.name))
      this.#runtime.log.info({ target: state.name }, 'messages are taken again')
    if (wasResting) this.#wake()
    const kept = new Map(later.map(({ id, ms }) => [id, ms]))
    await this.#postpone(
      messages.flatMap((message) => {
        const ms = kept.get(message.id)
        return ms === undefined ? [] : [{ message, tries: message.tries, ms }]
      }),
    )
    await this.#remove(messages.filter(({ id }) => !kept.has(id)))
  }

  async #refused(state: TargetState, refused: readonly Refused[], takenBefore: number): Promise<void> {
    const { outbox_tries } = this.#runtime.config.limits
    const postponed = state.judge(refused, takenBefore)
    for (const [index, { message, tries }] of postponed.entries())
      if (tries >= outbox_tries) this.#tellOfPoison(message, tries, refused[index]?.reason)
    if (state.taken === takenBefore) this.#tellOfRefusal(state, refused[0]?.reason)
    await this.#postpone(postponed)
  }

  async #postpone(postponed: readonly Postponed[]): Promise<void> {
    if (postponed.length === 0) return
    await postponeMessages(postponed)
    for (const ms of new Set(postponed.map((each) => each.ms))) this.#wakeIn(ms)
  }

  /** One statement deletes all messages that were sent at the same time; no request waits for it. */
  async #remove(messages: readonly Unsent[]): Promise<void> {
    if (messages.length === 0) return
    this.#sent.push(...messages)
    this.#removing ??= this.#removeSent()
    await this.#removing
  }

  async #removeSent(): Promise<void> {
    try {
      while (this.#sent.length > 0) {
        const messages = this.#sent
        this.#sent = []
        if (await removeMessages(messages)) this.#wake()
      }
    } finally {
      // In the step that has seen that nothing is left: what is sent after it begins anew.
      this.#removing = undefined
    }
  }

  /** @param state left out: every target */
  #wake(state?: TargetState): void {
    if (!this.#isRelay || this.#isStopped) return
    const round = state === undefined ? this.round() : this.#roundOf(state)
    round.catch((error: unknown) =>
      this.#runtime.log.debug({ err: error }, 'the outbox could not be looked through'),
    )
  }

  #wakeIn(ms: number): void {
    if (!this.#isRelay || this.#isStopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#wake()
    }, ms + 1)
    timer.unref()
    this.#timers.add(timer)
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) =>
        this.#runtime.log.debug({ err: error }, 'messages are left to a relay of the outbox'),
      )
      .finally(() => this.#sending.delete(tracked))
    this.#sending.add(tracked)
  }

  #tellOfRefusal({ name }: TargetState, reason: unknown): void {
    const { log } = this.#runtime
    if (isUnreachable(reason)) log.debug({ err: reason, target: name }, 'messages wait for the database')
    else if (this.#failures.failed(name))
      log.warn({ err: reason, target: name }, 'messages could not be sent; they are kept and sent later')
  }

  #tellOfPoison({ id, name, subject, target, workspaceId }: Unsent, tries: number, reason: unknown): void {
    this.#runtime.log.warn(
      { err: reason, target, name, id, subject, workspace: workspaceId, tries },
      'a message was refused again and again; it is kept and no longer sent (docs/operating.md)',
    )
  }
}

const FIGURES = `SELECT count(*) FILTER (WHERE tries < $1)::integer AS incipit_outbox_queued,
    coalesce(extract(epoch FROM now() - min(written_at) FILTER (WHERE tries < $1 AND ${COUNTS_AS_LATE})), 0)::float8
      AS incipit_outbox_oldest_seconds,
    count(*) FILTER (WHERE tries >= $1)::integer AS incipit_outbox_poisoned
  FROM outbox`

/** Adds to /metrics what waits in the outbox, of all workspaces and instances. Every instance tells the same. */
export function addOutboxMetrics(): void {
  const values = [getRuntime().config.limits.outbox_tries]
  addAskedGauges(
    { name: 'outbox.figures', text: FIGURES, values },
    {
      incipit_outbox_queued: 'Messages that are to be sent',
      incipit_outbox_oldest_seconds:
        'Age of the oldest message that is to be sent; 0 when none is. Those that wait for a webhook that fails do not count',
      incipit_outbox_poisoned: 'Messages that were refused again and again: they are kept and no longer sent',
    },
  )
}
