/** What a queue of work allows. */
export interface TurnsOptions {
  /** Pieces of work that run at the same time. */
  atOnce: number
  /** Most that wait; read anew each time. */
  waiting: () => number
  /** The error of one that finds no place. */
  full: () => Error
}

/** Runs a few pieces of work at a time, in the order in which they came; a bounded number waits. */
export class Turns {
  readonly #options: TurnsOptions
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(options: TurnsOptions) {
    this.#options = options
  }

  /** @throws what `full` makes when too many wait, and what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#options.atOnce) this.#running += 1
    else await this.#turn()
    try {
      return await work()
    } finally {
      // The place of one that ends goes on to the first that waits.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  #turn(): Promise<void> {
    const { waiting, full } = this.#options
    if (this.#waiting.length >= waiting()) throw full()
    return new Promise((resolve) => void this.#waiting.push(resolve))
  }
}
