/**
 * Puts things into an order in which each comes after those that it needs.
 * @param needs what each thing needs, by its place in the list; a thing may need itself
 * @returns the order, and for each thing that stands in a circle the circle, as places
 */
export function orderByNeed(needs: readonly ReadonlySet<number>[]): {
  order: number[]
  circles: Map<number, number[]>
} {
  const left = needs.map((set, index) => new Set([...set].filter((other) => other !== index)))
  const users = new Map<number, number[]>()
  for (const [index, set] of left.entries())
    for (const other of set) {
      const known = users.get(other)
      if (known === undefined) users.set(other, [index])
      else known.push(index)
    }
  const order: number[] = []
  const circles = new Map<number, number[]>()
  const done = new Set<number>()
  let ready = left.flatMap((set, index) => (set.size === 0 ? [index] : []))
  for (;;) {
    while (ready.length > 0) ready = release(ready, { left, users, order, done })
    if (done.size === needs.length) return { order, circles }
    const circle = findCircle(left, done)
    for (const index of circle) circles.set(index, circle)
    ready = circle
  }
}

interface Walk {
  left: Set<number>[]
  users: ReadonlyMap<number, number[]>
  order: number[]
  done: Set<number>
}

/** Takes what needs nothing more, and tells what then needs nothing more either. */
function release(ready: readonly number[], { left, users, order, done }: Walk): number[] {
  const next: number[] = []
  for (const index of ready) {
    if (done.has(index)) continue
    done.add(index)
    order.push(index)
    for (const user of users.get(index) ?? []) {
      const set = left[user]
      set?.delete(index)
      if (set?.size === 0 && !done.has(user)) next.push(user)
    }
  }
  return next
}

/** Of things that all need another one of them: walks until it comes by one for the second time. */
function findCircle(left: readonly ReadonlySet<number>[], done: ReadonlySet<number>): number[] {
  const path: number[] = []
  const places = new Map<number, number>()
  let at = left.findIndex((_, index) => !done.has(index))
  while (!places.has(at)) {
    places.set(at, path.length)
    path.push(at)
    const [next = at] = left[at] ?? []
    at = next
  }
  return path.slice(places.get(at))
}
