/** What one thing needs of another. */
export interface Need {
  /** Place of the thing that it needs. */
  at: number
  /** Another thing of the same group does as well, where this one cannot come first. */
  isSoft: boolean
}

export interface ToOrder {
  /** What each thing needs, by its place in the list; a thing does not need itself. */
  needs: readonly (readonly Need[])[]
  /** The group of each. */
  groups: readonly number[]
  /** Groups of which one is there before all of them. */
  present: ReadonlySet<number>
}

/**
 * Puts things into an order in which each comes after those that it needs; where they need each other in a circle, after
 * another one of the same group, as far as the need is soft.
 * @returns the order, and for each thing that stands in a circle the circle, as places
 */
export function orderByNeed(input: ToOrder): { order: number[]; circles: Map<number, number[]> } {
  const walk = new Walk(input)
  const circles = new Map<number, number[]>()
  for (;;) {
    walk.release()
    if (walk.order.length === input.needs.length) return { order: walk.order, circles }
    if (walk.ease()) continue
    const circle = walk.findCircle()
    for (const index of circle) circles.set(index, circle)
    walk.take(circle)
  }
}

class Walk {
  readonly order: number[] = []
  readonly #done = new Set<number>()
  readonly #groups: readonly number[]
  /** Groups of which one is there. */
  readonly #present: Set<number>
  /** What each waits for: whether the need is soft. */
  readonly #left: Map<number, boolean>[]
  /** How many of these nothing else can stand in for. */
  readonly #blocked: number[]
  readonly #users = new Map<number, number[]>()
  readonly #softUsers = new Map<number, number[]>()
  #ready: number[]
  /** What waits for nothing but things that another one can stand in for. */
  readonly #eased: number[] = []
  #firstLeft = 0

  constructor({ needs, groups, present }: ToOrder) {
    this.#groups = groups
    this.#present = new Set(present)
    this.#left = needs.map((list) => {
      const left = new Map<number, boolean>()
      for (const { at, isSoft } of list) left.set(at, isSoft && left.get(at) !== false)
      return left
    })
    for (const [index, left] of this.#left.entries())
      for (const [at, isSoft] of left) {
        addTo(this.#users, at, index)
        if (isSoft && !this.#present.has(this.#groupOf(at))) addTo(this.#softUsers, this.#groupOf(at), index)
      }
    this.#blocked = this.#left.map((_, index) => this.#blockersOf(index).length)
    this.#ready = this.#left.flatMap(({ size }, index) => (size === 0 ? [index] : []))
    for (const [index, blocked] of this.#blocked.entries()) if (blocked === 0) this.#eased.push(index)
  }

  /** Takes what needs nothing more, until there is none. */
  release(): void {
    while (this.#ready.length > 0) {
      const ready = this.#ready
      this.#ready = []
      this.take(ready)
    }
  }

  /** Takes one for whose needs others stand in; false: there is none. */
  ease(): boolean {
    for (let index = this.#eased.shift(); index !== undefined; index = this.#eased.shift())
      if (!this.#done.has(index)) {
        this.take([index])
        return true
      }
    return false
  }

  take(some: readonly number[]): void {
    for (const index of some) {
      if (this.#done.has(index)) continue
      this.#done.add(index)
      this.order.push(index)
      this.#appear(this.#groupOf(index))
      for (const user of this.#users.get(index) ?? []) this.#give(user, index)
    }
  }

  /** Of things that all need another one of them: walks until it comes by one for the second time. */
  findCircle(): number[] {
    while (this.#done.has(this.#firstLeft)) this.#firstLeft++
    const path: number[] = []
    const places = new Map<number, number>()
    let at = this.#firstLeft
    while (!places.has(at)) {
      places.set(at, path.length)
      path.push(at)
      const [next = at] = this.#blockersOf(at)
      at = next
    }
    return path.slice(places.get(at))
  }

  #groupOf(index: number): number {
    return this.#groups[index] ?? index
  }

  #blockersOf(index: number): number[] {
    const left = [...(this.#left[index] ?? [])]
    return left.flatMap(([at, isSoft]) => (isSoft && this.#present.has(this.#groupOf(at)) ? [] : [at]))
  }

  /** From now on one of the group can stand in for the others. */
  #appear(group: number): void {
    if (this.#present.has(group)) return
    this.#present.add(group)
    for (const user of this.#softUsers.get(group) ?? []) this.#unblock(user)
  }

  #give(user: number, index: number): void {
    const left = this.#left[user]
    // Where it is soft, its group has appeared.
    if (left?.get(index) === false) this.#unblock(user)
    left?.delete(index)
    if (left?.size === 0) this.#ready.push(user)
  }

  #unblock(index: number): void {
    const blocked = (this.#blocked[index] ?? 0) - 1
    this.#blocked[index] = blocked
    if (blocked === 0) this.#eased.push(index)
  }
}

function addTo(lists: Map<number, number[]>, key: number, value: number): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}
