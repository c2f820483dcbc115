import { fault, ITEMS_LIMIT, OUTPUT_LIMIT, TIME_LIMIT, WORK_LIMIT } from './fault.ts'
import type { TemplateLimits, TextLimits } from './types.ts'
import { DEFAULT_VALUE_LIMITS } from './value-size.ts'

/** What texts may hold when nobody says otherwise. */
const DEFAULT_TEXT_LIMITS: TextLimits = { tags: 5_000, depth: 50, includeDepth: 5 }

/**
 * The widest that the configuration allows. It bounds the memory and the stack of every parse, and holds for texts
 * that are saved already: they stay usable when a limit is made narrower.
 */
export const WIDEST_TEXT_LIMITS: TextLimits = { tags: 50_000, depth: 100, includeDepth: 5 }

/**
 * What a render may use when nobody says otherwise. Work is counted, not timed, so that the same input
 * always ends the same way; a render that uses it all up takes some tens of milliseconds.
 */
export const DEFAULT_LIMITS: TemplateLimits = {
  work: 10_000_000,
  output: 1_000_000,
  timeMs: 200,
  values: DEFAULT_VALUE_LIMITS,
  texts: DEFAULT_TEXT_LIMITS,
}

/**
 * Work between two looks at the clock: about a millisecond. The clock counts the processor time of this thread,
 * so that a machine that is busy with something else ends no render.
 */
const CLOCK_EVERY = 100_000

/** Counts what one render uses and stops it at its limits. */
export class Budget {
  #left: number
  #nextClock: number
  #output: number
  readonly #limits: TemplateLimits
  /** Processor time of this thread at the first look: a render that ends before it asks no clock. */
  #begun: NodeJS.CpuUsage | undefined

  constructor(limits: TemplateLimits) {
    this.#limits = limits
    this.#left = limits.work
    this.#nextClock = Math.max(0, limits.work - CLOCK_EVERY)
    this.#output = limits.output
  }

  /** Charges work before it is done. */
  spend(units: number): void {
    this.#left -= units
    if (this.#left < this.#nextClock) this.#look()
  }

  /** Most items that a list may have. */
  get mostItems(): number {
    return this.#limits.values.items
  }

  /** Charges a list that is about to be made. */
  spendItems(count: number): void {
    if (count > this.mostItems)
      throw fault(ITEMS_LIMIT, `A list has more than ${this.mostItems} items (limits.values_items)`)
    this.spend(count * 10)
  }

  /** Charges text that is about to be written. @param bytes in UTF-8 */
  spendOutput(bytes: number): void {
    this.#output -= bytes
    if (this.#output < 0)
      throw fault(OUTPUT_LIMIT, `The result has more than ${this.#limits.output} bytes (limits.output_bytes)`)
  }

  #look(): void {
    if (this.#left < 0)
      throw fault(WORK_LIMIT, 'The template does more work than is allowed (limits.render_work)')
    this.#begun ??= cpuUsage()
    if (processorMs(cpuUsage(this.#begun)) > this.#limits.timeMs) {
      throw fault(
        TIME_LIMIT,
        `The template takes more than ${this.#limits.timeMs} ms of processor time (limits.render_ms)`,
      )
    }
    this.#nextClock = Math.max(0, this.#left - CLOCK_EVERY)
  }
}

/** Processor time of this thread; of the whole process where Node is too old to tell them apart, as it may be of the client. */
function cpuUsage(since?: NodeJS.CpuUsage): NodeJS.CpuUsage {
  const isTold = typeof process.threadCpuUsage === 'function'
  return isTold ? process.threadCpuUsage(since) : process.cpuUsage(since)
}

/** Milliseconds of what Node tells in microseconds. */
export function processorMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}
