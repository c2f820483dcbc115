import { diffArrays } from 'diff'

/** A run of items that both lists have, or that one of them has alone. */
export interface Run {
  kind: 'same' | 'added' | 'removed'
  count: number
}

/**
 * The runs that lead from one list to another, in order; a removed run comes before the one that is added in its
 * place. Items are compared by their keys, each of which is made once: a comparison costs the same whatever
 * the items are.
 * @param most edits that are looked for, which costs the square of it; undefined for lists that differ more
 */
export function runsBetween<T>(
  before: readonly T[],
  after: readonly T[],
  { keyOf, most }: { keyOf: (item: T) => unknown; most: number },
): Run[] | undefined {
  const numbers = new Map<unknown, number>()
  const numbered = (items: readonly T[]) =>
    items.map((item) => {
      const key = keyOf(item)
      const known = numbers.get(key) ?? numbers.size
      numbers.set(key, known)
      return known
    })
  const [old, now] = [numbered(before), numbered(after)]
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head++
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  const middle = diffArrays(old.slice(head, old.length - tail), now.slice(head, now.length - tail), {
    maxEditLength: most,
  })
  if (middle === undefined) return undefined
  const runs: Run[] = [
    { kind: 'same', count: head },
    ...middle.map(
      ({ added, removed, value }): Run => ({
        kind: added ? 'added' : removed ? 'removed' : 'same',
        count: value.length,
      }),
    ),
    { kind: 'same', count: tail },
  ]
  for (let at = 1; at < runs.length; at++) {
    const [previous, current] = [runs[at - 1], runs[at]]
    if (previous?.kind === 'added' && current?.kind === 'removed') runs.splice(at - 1, 2, current, previous)
  }
  return runs.filter(({ count }) => count > 0)
}
