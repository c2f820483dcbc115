import { onPrimary } from '../../db/read.ts'
import type { Log } from '../../log.ts'
import type { Generation } from '../schema.ts'
import { isFinished } from '../status.ts'
import { readGeneration } from '../store/stored-generation.ts'
import { type ProgressRequest, readProgress, type StoredProgress, type Target } from './read-progress.ts'

/** Looks for what other instances have stored. */
export interface Poller {
  /** Goes on looking while something is wanted. */
  start(): void
  /** Looks at once whether one has ended. */
  lookAt(target: Target): void
  stop(): void
}

export interface PollerEnds {
  wanted(): Iterable<ProgressRequest>
  found(found: StoredProgress): void
  /** `generation` undefined: it is gone. */
  finished(id: string, generation: Generation | undefined): void
}

const POLL_MS = 200

/** One query for everything that is wanted, every POLL_MS, never two at a time. */
export function createPoller(log: Log, ends: PollerEnds): Poller {
  return new ProgressPoller(log, ends)
}

class ProgressPoller implements Poller {
  readonly #log: Log
  readonly #ends: PollerEnds
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isStopped = false

  constructor(log: Log, ends: PollerEnds) {
    this.#log = log
    this.#ends = ends
  }

  start(): void {
    if (this.#isStopped || this.#isLooking || this.#timer !== undefined) return
    if (this.#ends.wanted()[Symbol.iterator]().next().done === true) return
    this.#timer = setTimeout(() => void this.#look(), POLL_MS)
    this.#timer.unref()
  }

  lookAt(target: Target): void {
    void this.#attempt(async () => {
      const generation = await readWhole(target)
      if (generation === undefined || isFinished(generation.status))
        this.#ends.finished(target.id, generation)
    })
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    this.#timer = undefined
    this.#isLooking = true
    await this.#attempt(async () => {
      const wanted = [...this.#ends.wanted()]
      if (wanted.length > 0) await this.#lookFor(wanted)
    })
    this.#isLooking = false
    this.start()
  }

  async #lookFor(wanted: readonly ProgressRequest[]): Promise<void> {
    const rows = await onPrimary(({ pool }) => readProgress(pool, wanted))
    const found = new Map(rows.map((row) => [row.id, row]))
    for (const each of wanted) {
      const row = found.get(each.id)
      if (row === undefined) this.#ends.finished(each.id, undefined)
      else if (isFinished(row.status)) this.#ends.finished(each.id, await readWhole(each))
      else this.#ends.found(row)
    }
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#log.debug({ err: error }, 'generations could not be read; they are looked for again')
    }
  }
}

function readWhole({ workspaceId, id }: Target): Promise<Generation | undefined> {
  return onPrimary(({ pool }) => readGeneration(pool, { workspaceId, label: null }, id))
}
