/** What a queue of work allows. */
export interface TurnsOptions {
  /** Pieces of work that run at the same time. */
  atOnce: number
  /** Most that wait; read anew each time. */
  waiting: () => number
  /** The error of one that finds no place. */
  full: () => Error
  /** Most that wait of one sender, read anew each time, and the error of one more. Left out: nobody is told apart. */
  ofSender?: { waiting: () => number; full: () => Error }
}

/** Runs a few pieces of work at a time, in the order in which they came; a bounded number waits. */
export class Turns {
  readonly #options: TurnsOptions
  readonly #waiting: (() => void)[] = []
  /** How many wait of each sender; who has none is not in it. */
  readonly #bySender = new Map<string, number>()
  #running = 0

  constructor(options: TurnsOptions) {
    this.#options = options
  }

  /**
   * @param sender whose work it is; left out: it counts for nobody
   * @throws what `full` makes when too many wait, and what the work throws
   */
  async run<T>(work: () => Promise<T>, sender?: string): Promise<T> {
    if (this.#running < this.#options.atOnce) this.#running += 1
    else await (sender === undefined ? this.#turn() : this.#turnOf(sender))
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
    if (this.#waiting.length >= waiting()) return Promise.reject(full())
    return new Promise((resolve) => void this.#waiting.push(resolve))
  }

  async #turnOf(sender: string): Promise<void> {
    const { ofSender } = this.#options
    const before = this.#bySender.get(sender) ?? 0
    if (ofSender !== undefined && before >= ofSender.waiting()) throw ofSender.full()
    const turn = this.#turn()
    this.#bySender.set(sender, before + 1)
    try {
      await turn
    } finally {
      this.#leave(sender)
    }
  }

  #leave(sender: string): void {
    const left = (this.#bySender.get(sender) ?? 1) - 1
    if (left === 0) this.#bySender.delete(sender)
    else this.#bySender.set(sender, left)
  }
}
