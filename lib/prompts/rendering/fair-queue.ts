/** How many may wait. */
export interface QueueLimits {
  all: number
  perCaller: number
}

/** What waits of one workspace: by caller, the next to be served first. */
type Callers<T> = Map<string, T[]>

/**
 * Waiting work of many callers. Workspaces take turns, and within each its callers: a caller that sends much
 * waits for its own work and not the others for it. Where the queue is full, the workspace that has the most
 * in it makes room, and in it the caller that has the most. The first word of a caller is its workspace.
 */
export class FairQueue<T> {
  readonly #limits: QueueLimits
  /** By workspace, the next to be served first. */
  readonly #waiting = new Map<string, Callers<T>>()
  #size = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Adds work; answers what is refused for it: the work itself, or what makes room for it. */
  add(caller: string, work: T): { work: T; limit: keyof QueueLimits } | undefined {
    const workspace = workspaceOf(caller)
    const callers = this.#waiting.get(workspace) ?? new Map<string, T[]>()
    const own = callers.get(caller) ?? []
    if (own.length >= this.#limits.perCaller) return { work, limit: 'perCaller' }
    let refused: T | undefined
    if (this.#size >= this.#limits.all) {
      refused = this.#makeRoom(callers, own)
      if (refused === undefined) return { work, limit: 'all' }
    }
    own.push(work)
    callers.set(caller, own)
    this.#waiting.set(workspace, callers)
    this.#size++
    return refused === undefined ? undefined : { work: refused, limit: 'all' }
  }

  /** Takes the newest work of the workspace that has the most, or of the caller that has within one's own. */
  #makeRoom(callers: Callers<T>, own: readonly T[]): T | undefined {
    const largest = longest(this.#waiting.values(), sizeOf)
    const isOthers = largest !== undefined && sizeOf(largest) > sizeOf(callers) + 1
    const most = longest((isOthers ? largest : callers).values(), ({ length }) => length)
    if (most === undefined || (!isOthers && most.length <= own.length + 1)) return undefined
    this.#size--
    return most.pop()
  }

  /** Takes the oldest work of the caller whose turn it is in the workspace whose turn it is. */
  take(): T | undefined {
    for (const [workspace, callers] of this.#waiting) {
      // To the end of the line, behind all others that wait.
      this.#waiting.delete(workspace)
      const work = takeFrom(callers)
      if (callers.size > 0) this.#waiting.set(workspace, callers)
      if (work === undefined) continue
      this.#size--
      return work
    }
    return undefined
  }
}

function takeFrom<T>(callers: Callers<T>): T | undefined {
  for (const [caller, works] of callers) {
    const work = works.shift()
    callers.delete(caller)
    if (works.length > 0) callers.set(caller, works)
    if (work !== undefined) return work
  }
  return undefined
}

function workspaceOf(caller: string): string {
  const end = caller.indexOf(' ')
  return end === -1 ? caller : caller.slice(0, end)
}

function sizeOf(callers: Callers<unknown>): number {
  let sum = 0
  for (const { length } of callers.values()) sum += length
  return sum
}

function longest<A>(all: Iterable<A>, lengthOf: (each: A) => number): A | undefined {
  let found: A | undefined
  for (const each of all) if (found === undefined || lengthOf(each) > lengthOf(found)) found = each
  return found
}
