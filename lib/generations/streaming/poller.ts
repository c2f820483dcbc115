import { onPrimary } from '../../db/read.ts'
import type { Log } from '../../log.ts'
import { type Generation } from '../schema.ts'
import { isFinished } from '../status.ts'
import { readGeneration } from '../store/stored-generation.ts'
import { type Found, readProgress, type Target, type Wanted } from './read-progress.ts'

/** Looks for what other instances have stored. */
export interface Poller {
  /** Goes on looking while something is wanted. */
  start(): void
  /** Looks at once whether one has ended. */
  lookAt(target: Target): void
  stop(): void
}

export interface PollerEnds {
  wanted(): Iterable<Wanted>
  found(found: Found): void
  /** `generation` undefined: it is gone. */
  finished(id: string, generation: Generation | undefined): void
}

const POLL_MS = 200

/** One query for everything that is wanted, every POLL_MS, never two at a time. */
export function createPoller(log: Log, ends: PollerEnds): Poller {
  let timer: NodeJS.Timeout | undefined
  let isLooking = false
  let isStopped = false

  async function look(): Promise<void> {
    timer = undefined
    isLooking = true
    await attempt(async () => {
      const wanted = [...ends.wanted()]
      if (wanted.length > 0) await lookFor(wanted)
    })
    isLooking = false
    start()
  }

  async function lookFor(wanted: readonly Wanted[]): Promise<void> {
    const rows = await onPrimary(({ pool }) => readProgress(pool, wanted))
    const found = new Map(rows.map((row) => [row.id, row]))
    for (const each of wanted) {
      const row = found.get(each.id)
      if (row === undefined) ends.finished(each.id, undefined)
      else if (isFinished(row.status)) ends.finished(each.id, await readWhole(each))
      else ends.found(row)
    }
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      log.debug({ err: error }, 'generations could not be read; they are looked for again')
    }
  }

  function start(): void {
    if (isStopped || isLooking || timer !== undefined) return
    if (ends.wanted()[Symbol.iterator]().next().done === true) return
    timer = setTimeout(() => void look(), POLL_MS)
    timer.unref()
  }

  return {
    start,
    lookAt: (target) =>
      void attempt(async () => {
        const generation = await readWhole(target)
        if (generation === undefined || isFinished(generation.status)) ends.finished(target.id, generation)
      }),
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

function readWhole({ workspaceId, id }: Target): Promise<Generation | undefined> {
  return onPrimary(({ pool }) => readGeneration(pool, { workspaceId, label: null }, id))
}
