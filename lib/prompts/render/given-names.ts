import type { Variable } from '../../liquid/variable.ts'

/** More variables than a number has bits to tell them apart by. */
const BITS = 30
/** Texts that are kept of one version. */
const KEPT = 200

/**
 * Names the variables of a version that have a value in a render: sorted, with commas between them. Most renders of a
 * version give the same ones, so that a text is made once.
 */
export function givenNames(
  variables: readonly Variable[],
): (given: Readonly<Record<string, unknown>>) => string {
  const names = variables.map(({ name }) => name).toSorted()
  const kept = new Map<number, string>()
  return (given) => {
    if (names.length > BITS) return textOf(names, given)
    let mask = 0
    for (let n = 0; n < names.length; n++) if (isGiven(given[names[n] ?? ''])) mask |= 1 << n
    const known = kept.get(mask)
    if (known !== undefined) return known
    const text = textOf(names, given)
    if (kept.size < KEPT) kept.set(mask, text)
    return text
  }
}

function textOf(names: readonly string[], given: Readonly<Record<string, unknown>>): string {
  return names.filter((name) => isGiven(given[name])).join(',')
}

/** Values are JSON: a function is what every object inherits. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'function'
}
